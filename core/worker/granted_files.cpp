#include "core/worker/granted_files.hpp"

#include "core/connector/guard.hpp"
#include "core/wire/abi_text.hpp"

#include <algorithm>
#include <filesystem>

namespace plugboard::worker {
namespace {

bool climbs(std::string_view path) { // has a ".." in it
  const std::filesystem::path parts(path);
  return std::any_of(parts.begin(), parts.end(), [](const auto& part) { return part == ".."; });
}

void hand_over(GrantedFiles::Receive receive, void* user, std::string_view text) {
  static_cast<void>(connector::guarded([&] { receive(user, wire::str(text)); }));
}

} // namespace

GrantedFiles::GrantedFiles(const wire::Setup& setup) {
  for (const wire::GrantedFile& granted : setup.files) {
    File& file = files_.emplace_back();
    file.path = granted.path;
    file.readable = granted.readable;
    file.bytes = granted.bytes;
  }
  for (const wire::GrantedFolder& granted : setup.folders)
    folders_.push_back({std::string(granted.path), std::string(granted.local)});
}

std::int32_t GrantedFiles::watch(std::string_view path, void* user, Receive receive) {
  const auto file = std::find_if(files_.begin(), files_.end(), [&](const File& one) { return one.path == path; });
  if (receive == nullptr) return PLUGBOARD_FAILED;
  if (file == files_.end()) return PLUGBOARD_EGRESS_DENIED;
  const std::lock_guard lock(file->handing_over);
  file->watchers.emplace_back(user, receive);
  if (!file->readable) return PLUGBOARD_FAILED;
  hand_over(receive, user, file->bytes);
  return PLUGBOARD_OK;
}

void GrantedFiles::changed(const wire::FileChanged& change) {
  if (change.file >= files_.size()) return;
  File& file = files_[change.file];
  const std::lock_guard lock(file.handing_over);
  file.bytes = change.bytes;
  file.readable = true;
  for (const auto& [user, changed] : file.watchers) hand_over(changed, user, file.bytes);
}

std::int32_t GrantedFiles::locate(std::string_view path, void* user, Receive receive) const {
  if (receive == nullptr) return PLUGBOARD_FAILED;
  const auto folder = std::find_if(folders_.begin(), folders_.end(), [&](const Folder& one) {
    return path.starts_with(one.path) && path.size() > one.path.size();
  });
  if (folder == folders_.end()) return PLUGBOARD_EGRESS_DENIED;
  const std::string_view rest = path.substr(folder->path.size());
  if (climbs(rest)) return PLUGBOARD_EGRESS_DENIED;
  hand_over(receive, user, folder->local + "/" + std::string(rest)); // a link out of it ends in the worker's own root
  return PLUGBOARD_OK;
}

} // namespace plugboard::worker
