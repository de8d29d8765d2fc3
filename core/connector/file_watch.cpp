#include "core/connector/file_watch.hpp"

#include "core/connector/file_bytes.hpp"

#include <sys/stat.h>
#include <utility>

namespace plugboard::connector {
namespace {

constexpr std::size_t kMostFileBytes = 16 << 20; // a granted file is a key set, not a database
constexpr std::int64_t kSmall = 64 * 1024; // read each time: two changes within one tick of a file's clock look alike

std::int64_t nanoseconds(const timespec& time) {
  return std::int64_t{time.tv_sec} * 1'000'000'000 + time.tv_nsec;
}

} // namespace

FileWatch::FileWatch(Duration poll, std::function<void(std::string_view)> trouble)
    : poll_(poll), trouble_(std::move(trouble)) {}

FileWatch::~FileWatch() {
  stop();
}

std::optional<FileWatch::Seen> FileWatch::stat_of(const std::string& path) {
  struct stat about {};

  if (::stat(path.c_str(), &about) != 0) return std::nullopt;
  return Seen{static_cast<std::int64_t>(about.st_dev), static_cast<std::int64_t>(about.st_ino), about.st_size,
              nanoseconds(about.st_mtim), nanoseconds(about.st_ctim)};
}

Result<void> FileWatch::watch(std::string path, std::function<void(std::string_view)> changed) {
  auto file = std::make_shared<File>();
  file->path = std::move(path);
  file->changed = std::move(changed);
  auto looked = look(*file);
  const std::lock_guard lock(mutex_);
  if (stopping_) return fail(Code::unavailable, "the connector is being stopped");
  files_.push_back(std::move(file));
  start_thread();
  return looked;
}

void FileWatch::start() {
  const std::lock_guard lock(mutex_);
  started_ = true;
  start_thread();
}

void FileWatch::start_thread() {
  if (!started_ || stopping_ || files_.empty() || thread_.joinable()) return;
  thread_ = std::thread([this] { run(); });
}

Result<void> FileWatch::look(File& file) {
  const std::lock_guard lock(file.looking);
  const auto seen = stat_of(file.path); // before reading: a change in between is seen the next time
  if (seen && seen == file.seen && seen->size > kSmall) return {};
  const auto bytes = read_file_bytes(file.path, kMostFileBytes);
  if (!bytes) {
    file.seen.reset();
    if (!std::exchange(file.in_trouble, true)) trouble_(bytes.error().message);
    return bytes.error();
  }
  file.seen = seen;
  if (std::exchange(file.in_trouble, false)) trouble_(file.path + " can be read again");
  const Digest digest = sha256(*bytes);
  if (file.digest == digest) return {};
  file.digest = digest;
  file.changed(*bytes);
  return {};
}

void FileWatch::run() {
  std::unique_lock lock(mutex_);
  while (!wake_.wait_for(lock, poll_, [this] { return stopping_; })) {
    const auto files = files_;
    lock.unlock();
    for (const auto& file : files) static_cast<void>(look(*file));
    lock.lock();
  }
}

void FileWatch::stop() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  wake_.notify_all();
  if (thread_.joinable()) thread_.join();
}

} // namespace plugboard::connector
