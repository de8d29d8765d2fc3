#include "core/audit/folder.hpp"

#include "core/base/names_in.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <utility>

namespace plugboard::audit {
namespace {

class Descriptor {
 public:
  explicit Descriptor(int number) : number_(number) {}

  Descriptor(Descriptor&& other) noexcept : number_(std::exchange(other.number_, -1)) {}

  Descriptor& operator=(Descriptor&&) = delete;

  ~Descriptor() {
    if (number_ >= 0) ::close(number_);
  }

  int get() const { return number_; }

 private:
  int number_;
};

Error failed(const std::string& doing, const std::string& path) {
  const auto code = errno == ENOENT ? Code::not_found : errno == EEXIST ? Code::conflict : Code::io;
  return fail(code, "cannot " + doing + " " + path + ": " + std::generic_category().message(errno), "audit");
}

template <class Call>
auto retried(Call call) {
  auto done = call();
  while (done < 0 && errno == EINTR) done = call();
  return done;
}

class PosixFile final : public File {
 public:
  PosixFile(Descriptor descriptor, std::string path) : descriptor_(std::move(descriptor)), path_(std::move(path)) {}

  Result<void> append(std::string_view bytes) override {
    while (!bytes.empty()) {
      const auto written = retried([&] { return ::write(descriptor_.get(), bytes.data(), bytes.size()); });
      if (written < 0) return failed("write", path_);
      bytes.remove_prefix(static_cast<std::size_t>(written));
    }
    return {};
  }

  Result<void> flush() override {
    if (::fdatasync(descriptor_.get()) != 0) return failed("flush", path_); // not again: it may claim success
    return {};
  }

  Result<void> cut(std::uint64_t size) override {
    if (::ftruncate(descriptor_.get(), static_cast<off_t>(size)) != 0) return failed("cut", path_);
    return {};
  }

 private:
  Descriptor descriptor_;
  std::string path_;
};

class PosixFolder final : public Folder {
 public:
  PosixFolder(Descriptor folder, std::string path) : folder_(std::move(folder)), path_(std::move(path)) {}

  Result<std::vector<std::string>> list() override {
    auto names = names_in(path_);
    if (!names) return fail(Code::io, names.error().message, "audit");
    return names;
  }

  Result<std::unique_ptr<File>> create(const std::string& name) override {
    return file(name, O_WRONLY | O_APPEND | O_CREAT | O_EXCL, "make");
  }

  Result<std::unique_ptr<File>> open(const std::string& name) override {
    return file(name, O_WRONLY | O_APPEND, "open");
  }

  Result<void> replace(const std::string& name, std::string_view bytes) override {
    const std::string fresh = name + ".new";
    if (auto removed = remove(fresh); !removed && removed.error().code != Code::not_found) return removed;
    auto file = create(fresh);
    if (!file) return file.error();
    if (auto written = (*file)->append(bytes); !written) return written;
    if (auto flushed = (*file)->flush(); !flushed) return flushed;
    if (::renameat(folder_.get(), fresh.c_str(), folder_.get(), name.c_str()) != 0) return failed("replace", at(name));
    return flush();
  }

  Result<void> remove(const std::string& name) override {
    if (::unlinkat(folder_.get(), name.c_str(), 0) != 0) return failed("remove", at(name));
    return {};
  }

  Result<void> flush() override {
    if (::fsync(folder_.get()) != 0) return failed("flush", path_);
    return {};
  }

  Result<std::string> read(const std::string& name, std::uint64_t from, std::size_t most) override {
    auto opened = descriptor(name, O_RDONLY);
    if (!opened) return opened.error();
    std::string bytes(most, '\0');
    std::size_t held = 0;
    while (held < most) {
      const auto got = retried(
          [&] { return ::pread(opened->get(), bytes.data() + held, most - held, static_cast<off_t>(from + held)); });
      if (got < 0) return failed("read", at(name));
      if (got == 0) break;
      held += static_cast<std::size_t>(got);
    }
    bytes.resize(held);
    return bytes;
  }

  Result<std::uint64_t> size(const std::string& name) override {
    struct stat status {};

    if (::fstatat(folder_.get(), name.c_str(), &status, AT_SYMLINK_NOFOLLOW) != 0) return failed("look at", at(name));
    return static_cast<std::uint64_t>(status.st_size);
  }

 private:
  std::string at(const std::string& name) const { return path_ + "/" + name; }

  Result<Descriptor> descriptor(const std::string& name, int flags) const {
    Descriptor opened(
        retried([&] { return ::openat(folder_.get(), name.c_str(), flags | O_NOFOLLOW | O_CLOEXEC, 0600); }));
    if (opened.get() < 0) return failed("open", at(name));
    return opened;
  }

  Result<std::unique_ptr<File>> file(const std::string& name, int flags, const char* doing) {
    auto opened = descriptor(name, flags);
    if (!opened) return failed(doing, at(name));

    struct stat status {};

    if (::fstat(opened->get(), &status) != 0) return failed("look at", at(name));
    if (!S_ISREG(status.st_mode)) return fail(Code::io, at(name) + " is no plain file; remove it", "audit");
    if ((status.st_mode & 0077) != 0 && ::fchmod(opened->get(), 0600) != 0) return failed("close to others", at(name));
    return std::unique_ptr<File>(std::make_unique<PosixFile>(std::move(*opened), at(name)));
  }

  Descriptor folder_;
  std::string path_;
};

Result<Descriptor> open_directory(const std::string& path, int flags) {
  Descriptor folder(::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC | flags));
  if (folder.get() < 0) return failed("open the folder", path);
  return folder;
}

} // namespace

Result<std::unique_ptr<Folder>> open_folder(const std::string& path) {
  const bool is_new = ::mkdir(path.c_str(), 0700) == 0;
  if (!is_new && errno != EEXIST) return failed("make the folder", path);
  auto folder = open_directory(path, O_NOFOLLOW);
  if (!folder) return folder.error();
  if (::fchmod(folder->get(), 0700) != 0) return failed("close to others", path);
  if (is_new) {
    auto above = open_directory(std::filesystem::absolute(path).parent_path().string(), 0);
    if (!above) return above.error();
    if (::fsync(above->get()) != 0) return failed("flush the folder above", path);
  }
  return std::unique_ptr<Folder>(std::make_unique<PosixFolder>(std::move(*folder), path));
}

Result<std::unique_ptr<Folder>> look_into_folder(const std::string& path) {
  auto folder = open_directory(path, O_NOFOLLOW);
  if (!folder) return folder.error();
  return std::unique_ptr<Folder>(std::make_unique<PosixFolder>(std::move(*folder), path));
}

} // namespace plugboard::audit
