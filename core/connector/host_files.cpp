#include "core/connector/host_files.hpp"

#include "core/connector/abi_text.hpp"
#include "core/connector/guard.hpp"

#include <algorithm>
#include <filesystem>

namespace plugboard::connector {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kMostPath = 4096;

bool is_path(plugboard_str path) {
  return path.data != nullptr && path.size > 0 && path.size <= kMostPath && view(path).find('\0') == std::string::npos;
}

bool climbs(std::string_view path) { // has a ".." in it
  const fs::path parts(path);
  return std::any_of(parts.begin(), parts.end(), [](const fs::path& part) { return part == ".."; });
}

bool stands_below(const fs::path& path, const fs::path& folder) {
  const auto [rest, ignored] = std::mismatch(folder.begin(), folder.end(), path.begin(), path.end());
  return rest == folder.end();
}

} // namespace

HostFiles::HostFiles(std::string root, Duration poll, HostLog& log)
    : root_(std::move(root)), log_(log),
      watch_(poll, [&log](std::string_view what) { log.noticed("plugin.file", what); }) {}

Result<std::unique_ptr<HostFiles>> HostFiles::make(const std::vector<std::string>& granted, std::string root,
                                                   Duration poll, HostLog& log) {
  std::unique_ptr<HostFiles> files(new HostFiles(std::move(root), poll, log));
  for (const std::string& grant : granted) {
    const std::string path = grant.starts_with("ro:") ? grant.substr(3) : std::string();
    if (path.empty() || path.find('\0') != std::string::npos)
      return fail(Code::invalid_argument,
                  "grants.files: \"" + grant + "\" is no grant: write ro:PATH for a file, ro:FOLDER/ for a folder");
    (path.ends_with('/') ? files->folders_ : files->files_).push_back(path);
  }
  return files;
}

std::string HostFiles::absolute(std::string_view granted) const {
  return (fs::path(root_) / granted).lexically_normal().string();
}

std::int32_t HostFiles::watch(plugboard_str path, void* user, Receive changed) {
  if (!is_path(path) || changed == nullptr) return PLUGBOARD_FAILED;
  const std::string name(view(path));
  if (std::find(files_.begin(), files_.end(), name) == files_.end()) {
    log_.noticed("plugin.file", name + " is not granted: add \"ro:" + name + "\" to grants.files");
    return PLUGBOARD_EGRESS_DENIED;
  }
  const auto hand_over = [this, user, changed](std::string_view bytes) {
    if (!guarded([&] { changed(user, str(bytes)); })) log_.noticed("plugin.protocol", "changed() threw");
  };
  return watch_.watch((fs::path(root_) / name).string(), hand_over) ? PLUGBOARD_OK : PLUGBOARD_FAILED;
}

Result<std::string> HostFiles::place_below_folder(std::string_view path) const {
  const auto folder = std::find_if(folders_.begin(), folders_.end(), [&](const std::string& one) {
    return path.starts_with(one) && path.size() > one.size();
  });
  if (folder == folders_.end())
    return fail(Code::denied, std::string(path) + " is not below a folder that grants.files allows");
  if (climbs(path.substr(folder->size()))) return fail(Code::denied, std::string(path) + ": \"..\" is refused");
  std::error_code error;
  const fs::path top = fs::canonical(fs::path(root_) / *folder, error);
  if (error) return fail(Code::io, *folder + " can't be opened: " + error.message());
  const fs::path place = fs::weakly_canonical(top / fs::path(path.substr(folder->size())).relative_path(), error);
  if (error) return fail(Code::io, std::string(path) + " can't be opened: " + error.message());
  if (!stands_below(place, top) || place == top)
    return fail(Code::denied, std::string(path) + " leads out of " + *folder + ", which is all that is granted");
  return place.string();
}

std::int32_t HostFiles::locate(plugboard_str path, void* user, Receive receive) {
  if (!is_path(path) || receive == nullptr) return PLUGBOARD_FAILED;
  const auto place = place_below_folder(view(path));
  if (!place) {
    log_.noticed("plugin.file", place.error().message);
    return place.error().code == Code::denied ? PLUGBOARD_EGRESS_DENIED : PLUGBOARD_FAILED;
  }
  if (!guarded([&] { receive(user, str(*place)); })) log_.noticed("plugin.protocol", "receive() threw");
  return PLUGBOARD_OK;
}

} // namespace plugboard::connector
