#include "core/connector/elf_notes.hpp"

#include "core/base/random.hpp"

#include <cstring>
#include <elf.h>
#include <gtest/gtest.h>

namespace plugboard::connector {
namespace {

#if defined(__x86_64__)
constexpr Elf64_Half kHere = EM_X86_64;
#else
constexpr Elf64_Half kHere = EM_AARCH64;
#endif

template <class T>
void append(std::string& bytes, const T& record) {
  bytes.append(reinterpret_cast<const char*>(&record), sizeof record);
}

std::string note(const std::string& name, std::uint32_t type, const std::string& descriptor) {
  std::string bytes;
  append(bytes, Elf64_Nhdr{static_cast<Elf64_Word>(name.size() + 1), static_cast<Elf64_Word>(descriptor.size()), type});
  bytes += name + '\0';
  bytes.resize((bytes.size() + 3) / 4 * 4);
  bytes += descriptor;
  bytes.resize((bytes.size() + 3) / 4 * 4);
  return bytes;
}

Elf64_Ehdr header() {
  Elf64_Ehdr made{};
  std::memcpy(made.e_ident, ELFMAG, SELFMAG);
  made.e_ident[EI_CLASS] = ELFCLASS64;
  made.e_ident[EI_DATA] = ELFDATA2LSB;
  made.e_type = ET_DYN;
  made.e_machine = kHere;
  made.e_phoff = sizeof(Elf64_Ehdr);
  made.e_phentsize = sizeof(Elf64_Phdr);
  made.e_phnum = 2;
  return made;
}

std::string library(Elf64_Ehdr head, const std::string& notes) { // a PT_LOAD that is skipped, a PT_NOTE
  std::string bytes;
  append(bytes, head);
  Elf64_Phdr load{};
  load.p_type = PT_LOAD;
  append(bytes, load);
  Elf64_Phdr segment{};
  segment.p_type = PT_NOTE;
  segment.p_offset = sizeof(Elf64_Ehdr) + 2 * sizeof(Elf64_Phdr);
  segment.p_filesz = notes.size();
  segment.p_align = 4;
  append(bytes, segment);
  return bytes + notes;
}

std::string two_notes() {
  return note("GNU", 3, "\x01\x02\x03") + note("plugboard", 1, "the manifest");
}

std::string refusal(const std::string& bytes) {
  const auto notes = read_elf_notes(bytes);
  return notes ? "none" : notes.error().message;
}

TEST(ElfNotesTest, ReadsEachNote) {
  const std::string bytes = library(header(), two_notes());
  const auto notes = read_elf_notes(bytes);
  ASSERT_TRUE(notes) << notes.error().message;
  ASSERT_EQ(notes->size(), 2U);
  EXPECT_EQ((*notes)[0].name, "GNU");
  EXPECT_EQ((*notes)[0].descriptor, "\x01\x02\x03");
  EXPECT_EQ((*notes)[1].name, "plugboard");
  EXPECT_EQ((*notes)[1].type, 1U);
  EXPECT_EQ((*notes)[1].descriptor, "the manifest");
}

TEST(ElfNotesTest, EachKindOfWrongFileHasItsOwnSentence) {
  EXPECT_NE(refusal("#!/bin/sh").find("not an ELF"), std::string::npos);
  EXPECT_NE(refusal("").find("not an ELF"), std::string::npos);
  const auto changed = [](auto change) {
    Elf64_Ehdr head = header();
    change(head);
    return refusal(library(head, two_notes()));
  };
  EXPECT_NE(changed([](auto& head) { head.e_ident[EI_CLASS] = ELFCLASS32; }).find("32-bit"), std::string::npos);
  EXPECT_NE(changed([](auto& head) { head.e_ident[EI_DATA] = ELFDATA2MSB; }).find("big-endian"), std::string::npos);
  EXPECT_NE(changed([](auto& head) { head.e_machine = EM_S390; }).find("another kind of processor"), std::string::npos);
  EXPECT_NE(changed([](auto& head) { head.e_type = ET_EXEC; }).find("no shared library"), std::string::npos);
  EXPECT_NE(changed([](auto& head) { head.e_phentsize = 1; }).find("damaged"), std::string::npos);
  EXPECT_NE(changed([](auto& head) { head.e_phoff = ~std::uint64_t{0} - 8; }).find("cut short"), std::string::npos);
  EXPECT_NE(changed([](auto& head) { head.e_phnum = 200; }).find("cut short"), std::string::npos);
}

TEST(ElfNotesTest, SizesThatPointOutOfTheFileAreRefused) {
  std::string huge = two_notes();
  const std::uint32_t size = 0xffffffff;
  std::memcpy(huge.data() + 4, &size, sizeof size); // n_descsz
  EXPECT_NE(refusal(library(header(), huge)).find("damaged notes"), std::string::npos);
  std::memcpy(huge.data(), &size, sizeof size); // n_namesz
  EXPECT_NE(refusal(library(header(), huge)).find("damaged notes"), std::string::npos);
}

TEST(ElfNotesTest, SurvivesBeingCutAtEveryByte) {
  const std::string whole = library(header(), two_notes());
  for (std::size_t size = 0; size < whole.size(); ++size) {
    const std::string piece = whole.substr(0, size); // of its own, so that a step too far is seen
    EXPECT_FALSE(read_elf_notes(piece)) << size;
  }
}

TEST(ElfNotesTest, SurvivesRandomDamage) {
  const std::string whole = library(header(), two_notes());
  SeededRandom random(20261122);
  std::size_t refused = 0;
  for (int round = 0; round < 20'000; ++round) {
    std::string bytes = whole;
    for (std::uint64_t flips = 1 + random.below(6); flips > 0; --flips)
      bytes[random.below(bytes.size())] = static_cast<char>(random.below(256));
    const auto notes = read_elf_notes(bytes);
    if (!notes) {
      ++refused;
      continue;
    }
    for (const ElfNote& one : *notes) { // what comes back lies within the bytes
      EXPECT_TRUE(one.descriptor.empty() ||
                  (one.descriptor.data() >= bytes.data() &&
                   one.descriptor.data() + one.descriptor.size() <= bytes.data() + bytes.size()));
    }
  }
  EXPECT_GT(refused, 1'000U);
}

} // namespace
} // namespace plugboard::connector
