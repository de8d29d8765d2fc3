// A folder on a disk that fails when told to: writes or flushes that fail, that hang, that are slow. [any thread]
#pragma once

#include "core/audit/folder.hpp"

#include <atomic>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <utility>

namespace plugboard::audit::testing {

struct DiskFaults {
  std::atomic<bool> fails_write{false}, fails_flush{false}, fails_cut{false};
  std::atomic<int> flushes{0};

  void hang() {
    const std::lock_guard lock(mutex);
    hangs = true;
  }

  void let_go() {
    {
      const std::lock_guard lock(mutex);
      hangs = false;
    }
    changed.notify_all();
  }

  void wait_until_somebody_hangs() {
    std::unique_lock lock(mutex);
    changed.wait(lock, [this] { return hanging > 0; });
  }

  void pass() { // or hang
    std::unique_lock lock(mutex);
    if (!hangs) return;
    ++hanging;
    changed.notify_all();
    changed.wait(lock, [this] { return !hangs; });
    --hanging;
  }

  std::mutex mutex;
  std::condition_variable changed;
  bool hangs = false;
  int hanging = 0;
};

class FaultyFile final : public File {
 public:
  FaultyFile(std::unique_ptr<File> file, DiskFaults& faults) : file_(std::move(file)), faults_(faults) {}

  Result<void> append(std::string_view bytes) override {
    if (!faults_.fails_write) return file_->append(bytes);
    static_cast<void>(file_->append(bytes.substr(0, bytes.size() / 2))); // a disk that ran full takes the half
    return fail(Code::io, "no space left on device");
  }

  Result<void> flush() override {
    faults_.pass();
    ++faults_.flushes;
    if (faults_.fails_flush) return fail(Code::io, "input/output error");
    return file_->flush();
  }

  Result<void> cut(std::uint64_t size) override {
    if (faults_.fails_cut) return fail(Code::io, "operation not permitted");
    return file_->cut(size);
  }

 private:
  std::unique_ptr<File> file_;
  DiskFaults& faults_;
};

class FaultyFolder final : public Folder {
 public:
  FaultyFolder(std::unique_ptr<Folder> folder, DiskFaults& faults) : folder_(std::move(folder)), faults_(faults) {}

  Result<std::vector<std::string>> list() override { return folder_->list(); }

  Result<std::unique_ptr<File>> create(const std::string& name) override { return wrapped(folder_->create(name)); }

  Result<std::unique_ptr<File>> open(const std::string& name) override { return wrapped(folder_->open(name)); }

  Result<void> replace(const std::string& name, std::string_view bytes) override {
    if (faults_.fails_write) return fail(Code::io, "no space left on device");
    return folder_->replace(name, bytes);
  }

  Result<void> remove(const std::string& name) override { return folder_->remove(name); }

  Result<void> flush() override { return folder_->flush(); }

  Result<std::string> read(const std::string& name, std::uint64_t from, std::size_t most) override {
    return folder_->read(name, from, most);
  }

  Result<std::uint64_t> size(const std::string& name) override { return folder_->size(name); }

 private:
  Result<std::unique_ptr<File>> wrapped(Result<std::unique_ptr<File>> file) {
    if (!file) return file.error();
    return std::unique_ptr<File>(std::make_unique<FaultyFile>(std::move(*file), faults_));
  }

  std::unique_ptr<Folder> folder_;
  DiskFaults& faults_;
};

} // namespace plugboard::audit::testing
