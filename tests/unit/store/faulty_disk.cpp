#include "tests/unit/store/faulty_disk.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <new>
#include <utility>

namespace plugboard::testing {
namespace {

struct FaultyFile {
  sqlite3_file base; // first: what SQLite sees
  FaultyDisk* disk;
  std::string* path;

  sqlite3_file* real() { return reinterpret_cast<sqlite3_file*>(this + 1); }
};

FaultyFile& of(sqlite3_file* file) {
  return *reinterpret_cast<FaultyFile*>(file);
}

sqlite3_file* real(sqlite3_file* file) {
  return of(file).real();
}

FaultyDisk& disk_of(sqlite3_vfs* vfs) {
  return *static_cast<FaultyDisk*>(vfs->pAppData);
}

int close_file(sqlite3_file* file) {
  const int code = real(file)->pMethods->xClose(real(file));
  delete of(file).path;
  return code;
}

int read_file(sqlite3_file* file, void* into, int size, sqlite3_int64 at) {
  return real(file)->pMethods->xRead(real(file), into, size, at);
}

int write_file(sqlite3_file* file, const void* bytes, int size, sqlite3_int64 at) {
  if (const int code = of(file).disk->before_write(*of(file).path); code != SQLITE_OK) return code;
  const int code = real(file)->pMethods->xWrite(real(file), bytes, size, at);
  if (code == SQLITE_OK) {
    of(file).disk->changed(*of(file).path,
                           {at, std::string(static_cast<const char*>(bytes), static_cast<std::size_t>(size))});
  }
  return code;
}

int truncate_file(sqlite3_file* file, sqlite3_int64 size) {
  const int code = real(file)->pMethods->xTruncate(real(file), size);
  if (code == SQLITE_OK) of(file).disk->changed(*of(file).path, {size, {}, true});
  return code;
}

int sync_file(sqlite3_file* file, int) { // nothing reaches the real disk's platter: these tests hold its books
  if (const int code = of(file).disk->before_flush(); code != SQLITE_OK) return code;
  of(file).disk->flushed(*of(file).path);
  return SQLITE_OK;
}

int file_size(sqlite3_file* file, sqlite3_int64* size) {
  return real(file)->pMethods->xFileSize(real(file), size);
}

int lock_file(sqlite3_file* file, int level) {
  return real(file)->pMethods->xLock(real(file), level);
}

int unlock_file(sqlite3_file* file, int level) {
  return real(file)->pMethods->xUnlock(real(file), level);
}

int check_reserved(sqlite3_file* file, int* out) {
  return real(file)->pMethods->xCheckReservedLock(real(file), out);
}

int control_file(sqlite3_file* file, int operation, void* argument) {
  return real(file)->pMethods->xFileControl(real(file), operation, argument);
}

int sector_size(sqlite3_file* file) {
  return real(file)->pMethods->xSectorSize(real(file));
}

int characteristics(sqlite3_file* file) {
  return real(file)->pMethods->xDeviceCharacteristics(real(file));
}

int map_shared(sqlite3_file* file, int region, int size, int extend, void volatile** out) {
  return real(file)->pMethods->xShmMap(real(file), region, size, extend, out);
}

int lock_shared(sqlite3_file* file, int offset, int count, int flags) {
  return real(file)->pMethods->xShmLock(real(file), offset, count, flags);
}

void shared_barrier(sqlite3_file* file) {
  real(file)->pMethods->xShmBarrier(real(file));
}

int unmap_shared(sqlite3_file* file, int remove) {
  return real(file)->pMethods->xShmUnmap(real(file), remove);
}

constexpr sqlite3_io_methods kMethods{
    2,           close_file,     read_file,      write_file,   truncate_file, sync_file,       file_size,
    lock_file,   unlock_file,    check_reserved, control_file, sector_size,   characteristics, map_shared,
    lock_shared, shared_barrier, unmap_shared,   nullptr,      nullptr};

int open_file(sqlite3_vfs* vfs, const char* path, sqlite3_file* file, int flags, int* out_flags) {
  FaultyDisk& disk = disk_of(vfs);
  auto* made = new (file) FaultyFile{{nullptr}, &disk, nullptr};
  const bool existed = path == nullptr || std::filesystem::exists(path);
  const int code = disk.system()->xOpen(disk.system(), path, made->real(), disk.flags_for(flags), out_flags);
  if (code != SQLITE_OK) return code;
  made->path = new std::string(path != nullptr ? path : "");
  made->base.pMethods = &kMethods;
  disk.opened(*made->path, existed, (flags & (SQLITE_OPEN_WAL | SQLITE_OPEN_MAIN_JOURNAL)) != 0);
  return code;
}

int delete_file(sqlite3_vfs* vfs, const char* path, int flush_folder) {
  FaultyDisk& disk = disk_of(vfs);
  const int code = disk.system()->xDelete(disk.system(), path, flush_folder);
  if (code == SQLITE_OK) disk.removed(path, flush_folder != 0);
  return code;
}

} // namespace

FaultyDisk::FaultyDisk(std::string vfs_name)
    : name_(std::move(vfs_name)), system_(sqlite3_vfs_find(nullptr)), vfs_(*system_) {
  vfs_.pNext = nullptr;
  vfs_.zName = name_.c_str();
  vfs_.szOsFile = static_cast<int>(sizeof(FaultyFile)) + system_->szOsFile;
  vfs_.pAppData = this;
  vfs_.xOpen = open_file;
  vfs_.xDelete = delete_file;
  sqlite3_vfs_register(&vfs_, 0);
}

FaultyDisk::~FaultyDisk() {
  sqlite3_vfs_unregister(&vfs_);
}

bool FaultyDisk::Countdown::hits() {
  if (left == 0) return false;
  if (left > 1) {
    --left;
    return false;
  }
  if (!stays) left = 0;
  return true;
}

void FaultyDisk::fail_flush(int nth, bool from_then_on) {
  flush_.stays = from_then_on;
  flush_.left = nth;
}

void FaultyDisk::fail_write(int nth, bool from_then_on) {
  write_.stays = from_then_on;
  write_.left = nth;
}

int FaultyDisk::before_write(const std::string& path) {
  ++writes_;
  if (full_) return SQLITE_FULL;
  if (home_ != SQLITE_OK && !path.ends_with("-wal")) return home_;
  return write_.hits() ? SQLITE_IOERR_WRITE : SQLITE_OK;
}

int FaultyDisk::before_flush() {
  ++flushes_;
  return flush_.hits() ? SQLITE_IOERR_FSYNC : SQLITE_OK;
}

int FaultyDisk::flags_for(int flags) const {
  return (flags & read_only_) != 0 ? (flags & ~(SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE)) | SQLITE_OPEN_READONLY
                                   : flags;
}

void FaultyDisk::opened(const std::string& path, bool existed, bool flushes_folder) {
  const std::lock_guard lock(mutex_);
  if (path.empty() || files_.contains(path)) return;
  std::ifstream in(path, std::ios::binary);
  File& file = files_[path];
  file.durable.assign(std::istreambuf_iterator<char>(in), {});
  file.named = existed;
  file.flushes_folder = flushes_folder && !existed;
}

void FaultyDisk::changed(const std::string& path, Change change) {
  const std::lock_guard lock(mutex_);
  files_[path].pending.push_back(std::move(change));
}

void FaultyDisk::flushed(const std::string& path) {
  const std::lock_guard lock(mutex_);
  File& file = files_[path];
  for (const Change& change : file.pending) apply(file.durable, change);
  file.pending.clear();
  if (std::exchange(file.flushes_folder, false)) folder_flushed();
}

void FaultyDisk::removed(const std::string& path, bool flushed_folder) {
  const std::lock_guard lock(mutex_);
  const auto file = files_.find(path);
  if (file == files_.end()) return;
  if (file->second.named) ghosts_[path] = std::move(file->second.durable);
  files_.erase(file);
  if (flushed_folder) folder_flushed();
}

void FaultyDisk::folder_flushed() {
  for (auto& [path, file] : files_) file.named = true;
  ghosts_.clear();
}

void FaultyDisk::apply(std::string& image, const Change& change) {
  const auto at = static_cast<std::size_t>(change.at);
  if (change.cut) return image.resize(std::min(image.size(), at));
  if (image.size() < at + change.bytes.size()) image.resize(at + change.bytes.size());
  image.replace(at, change.bytes.size(), change.bytes);
}

void FaultyDisk::lose_power(const std::string& folder, Random& random) const {
  const std::lock_guard lock(mutex_);
  const bool all_lost = random.below(3) == 0;
  const auto keep = [&folder](const std::string& path, const std::string& image) {
    std::ofstream(std::filesystem::path(folder) / std::filesystem::path(path).filename(), std::ios::binary) << image;
  };
  for (const auto& [path, image] : ghosts_)
    if (random.below(2) == 0) keep(path, image);
  for (const auto& [path, file] : files_) {
    if (!file.named && (all_lost || random.below(2) == 0)) continue;
    std::string image = file.durable;
    for (Change change : file.pending) {
      if (all_lost || random.below(2) == 0) continue;
      if (!change.cut && random.below(4) == 0) { // torn between two sectors
        change.bytes.resize(random.below(change.bytes.size() / 512 + 1) * 512);
      }
      apply(image, change);
    }
    keep(path, image);
  }
}

} // namespace plugboard::testing
