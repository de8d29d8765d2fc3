#include "core/wire/frame.hpp"

#include <algorithm>
#include <cstring>
#include <gtest/gtest.h>

namespace plugboard::wire {
namespace {

void feed(FrameBuffer& buffer, std::string_view bytes) {
  while (!bytes.empty()) {
    const auto room = buffer.room();
    const std::size_t part = std::min(room.size(), bytes.size());
    std::memcpy(room.data(), bytes.data(), part);
    buffer.filled(part);
    bytes.remove_prefix(part);
  }
}

std::string frame_of(Type type, std::string_view text) {
  std::string out;
  FrameWriter(out, type).text(text);
  return out;
}

std::vector<std::string> all_of(FrameBuffer& buffer) {
  std::vector<std::string> texts;
  Frame frame;
  while (buffer.next(frame) == FrameBuffer::Next::frame) texts.emplace_back(FieldReader(frame.body).text());
  return texts;
}

TEST(FrameTest, ComesWholeWhereverItIsCut) {
  const std::string bytes = frame_of(Type::log, "first") + frame_of(Type::ping, "") + frame_of(Type::reply, "third");
  for (std::size_t cut = 0; cut <= bytes.size(); ++cut) {
    FrameBuffer buffer(100);
    feed(buffer, std::string_view(bytes).substr(0, cut));
    auto texts = all_of(buffer);
    feed(buffer, std::string_view(bytes).substr(cut));
    for (auto& text : all_of(buffer)) texts.push_back(std::move(text));
    EXPECT_EQ(texts, (std::vector<std::string>{"first", "", "third"})) << "cut at " << cut;
    EXPECT_TRUE(buffer.empty());
  }
}

TEST(FrameTest, IsRefusedWhenItSaysThatItIsLargerThanAnyMayBe) {
  FrameBuffer buffer(9);
  feed(buffer, frame_of(Type::log, "four")); // type, length, text: nine
  Frame frame;
  EXPECT_EQ(buffer.next(frame), FrameBuffer::Next::frame);
  feed(buffer, frame_of(Type::log, "fives"));
  EXPECT_EQ(buffer.next(frame), FrameBuffer::Next::violation);
  EXPECT_NE(buffer.violation(), "");
  feed(buffer, frame_of(Type::log, "four"));
  EXPECT_EQ(buffer.next(frame), FrameBuffer::Next::violation); // for good: nobody knows where a frame begins now
}

TEST(FrameTest, IsRefusedAtItsLengthAndNotWhenItIsThere) {
  FrameBuffer buffer(1 << 20);
  feed(buffer, std::string("\xff\xff\xff\xff", 4));
  Frame frame;
  EXPECT_EQ(buffer.next(frame), FrameBuffer::Next::violation);
}

TEST(FrameTest, WithoutATypeIsNone) {
  FrameBuffer buffer(100);
  feed(buffer, std::string(4, '\0'));
  Frame frame;
  EXPECT_EQ(buffer.next(frame), FrameBuffer::Next::violation);
}

TEST(FrameTest, TakesNoMoreMemoryThanWasReceived) {
  FrameBuffer buffer(std::size_t{1} << 30);
  feed(buffer, std::string("\x00\x00\x00\x20", 4)); // promises half a gigabyte
  EXPECT_LE(buffer.room().size(), 256U * 1024);
}

TEST(FrameTest, LargerThanTheUsualRoomComesWhole) {
  FrameBuffer buffer(4 << 20);
  const std::string large(3 << 20, 'x');
  feed(buffer, frame_of(Type::reply, large) + frame_of(Type::log, "after"));
  EXPECT_EQ(all_of(buffer), (std::vector<std::string>{large, "after"}));
}

TEST(FrameTest, LargerThanTheUsualRoomFindsRoomTheNextTime) {
  FrameBuffer buffer(4 << 20);
  const std::string large(256 << 10, 'x');
  feed(buffer, frame_of(Type::reply, large));
  EXPECT_EQ(all_of(buffer), std::vector<std::string>{large});
  EXPECT_GE(buffer.room().size(), large.size());
}

TEST(FrameTest, LargerThanTheUsualRoomGivesItBackWhenNoneFollows) {
  FrameBuffer buffer(4 << 20);
  const std::string large(256 << 10, 'x');
  feed(buffer, frame_of(Type::reply, large));
  EXPECT_EQ(all_of(buffer), std::vector<std::string>{large});
  for (int i = 0; i < 100; ++i) {
    feed(buffer, frame_of(Type::ping, std::to_string(i)));
    EXPECT_EQ(all_of(buffer), std::vector<std::string>{std::to_string(i)});
  }
  EXPECT_LE(buffer.room().size(), 64U * 1024);
}

TEST(FrameTest, IsTheSameWhenItsLastTextFollowsIt) {
  std::string bytes;
  FrameWriter(bytes, Type::reply).text_follows(4);
  EXPECT_EQ(bytes + "last", frame_of(Type::reply, "last"));
}

TEST(FrameTest, BodiesOutliveWhatIsReadWhenSetAside) {
  FrameBuffer buffer(100);
  feed(buffer, frame_of(Type::log, "served") + frame_of(Type::log, "next"));
  Frame served;
  ASSERT_EQ(buffer.next(served), FrameBuffer::Next::frame);
  const auto kept = buffer.set_aside();
  feed(buffer, frame_of(Type::log, std::string(50, 'y')));
  EXPECT_EQ(all_of(buffer), (std::vector<std::string>{"next", std::string(50, 'y')}));
  EXPECT_EQ(FieldReader(served.body).text(), "served");
}

TEST(FieldsTest, AreEmptyAfterTheFirstFlaw) {
  std::string body;
  FieldWriter writer(body);
  writer.u32(1000); // a text of a thousand bytes, which is not there
  writer.u64(7);
  FieldReader reader(body);
  EXPECT_EQ(reader.text(), "");
  EXPECT_FALSE(reader.sound());
  EXPECT_EQ(reader.u64(), 0U);
  EXPECT_FALSE(reader.finished());
}

TEST(FieldsTest, AreNotFinishedWhileSomethingIsLeft) {
  FieldReader reader(std::string_view("\x01\x02", 2));
  EXPECT_EQ(reader.u8(), 1);
  EXPECT_FALSE(reader.finished());
  EXPECT_EQ(reader.u8(), 2);
  EXPECT_TRUE(reader.finished());
}

TEST(FieldsTest, CountNoMoreThanThereCanBe) {
  std::string body;
  FieldWriter writer(body);
  writer.u32(3);
  writer.u64(0);
  EXPECT_EQ(FieldReader(body).count(3, 2), 3U);
  EXPECT_EQ(FieldReader(body).count(2, 2), 0U); // too many
  EXPECT_EQ(FieldReader(body).count(3, 3), 0U); // nine bytes, where eight are
}

TEST(FieldsTest, AFlagIsNoughtOrOne) {
  FieldReader reader(std::string_view("\x02", 1));
  reader.flag();
  EXPECT_FALSE(reader.sound());
}

} // namespace
} // namespace plugboard::wire
