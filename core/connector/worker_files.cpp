#include "core/connector/worker_files.hpp"

#include "core/connector/abi_text.hpp"

#include <utility>

namespace plugboard::connector {

WorkerFiles::WorkerFiles(const std::vector<std::string>& granted, HostFiles& files, const InFlight& in_flight)
    : host_(files), in_flight_(in_flight) {
  for (const std::string& grant : granted) {
    std::string path = grant.substr(3); // after "ro:"
    if (path.ends_with('/')) {
      folders_.push_back(std::move(path));
      continue;
    }
    File& file = *files_.emplace_back(std::make_unique<File>());
    file.files = this;
    file.index = static_cast<std::uint32_t>(files_.size() - 1);
    file.path = std::move(path);
  }
}

void WorkerFiles::watch() {
  for (const auto& file : files_)
    static_cast<void>(host_.watch(str(file->path), file.get(), &changed)); // it says so when one can't be read
}

std::vector<std::string> WorkerFiles::folders() const {
  std::vector<std::string> places;
  for (const std::string& folder : folders_) places.push_back(host_.absolute(folder));
  return places;
}

void WorkerFiles::set_up(wire::Setup& setup, bool own_root, WorkerLink& link) {
  std::vector<std::string> local = folders();
  for (std::size_t i = 0; own_root && i < local.size(); ++i) local[i] = wire::folder_in_worker(i);
  for (std::size_t i = 0; i < folders_.size(); ++i) setup.folders.push_back({folders_[i], local[i]});
  const std::lock_guard lock(mutex_);
  for (const auto& file : files_) {
    setup.files.push_back({file->path, file->readable, file->bytes});
    file->told = true;
  }
  link.send([&](std::string& out) { wire::write(out, setup); });
  setup.files.clear();
  setup.folders.clear();
}

void WorkerFiles::came_up() {
  const std::lock_guard lock(mutex_);
  for (const auto& file : files_) tell(*file);
}

void WorkerFiles::changed(void* user, plugboard_str bytes) {
  auto& file = *static_cast<File*>(user);
  const std::lock_guard lock(file.files->mutex_);
  file.bytes = view(bytes);
  file.readable = true;
  file.told = false;
  file.files->tell(file);
}

void WorkerFiles::tell(File& file) const {
  const auto link = in_flight_.link();
  if (link == nullptr || std::exchange(file.told, true)) return;
  link->send([&](std::string& out) { wire::write(out, wire::FileChanged{file.index, file.bytes}); });
}

} // namespace plugboard::connector
