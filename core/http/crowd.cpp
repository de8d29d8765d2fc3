#include "core/http/crowd.hpp"

#include <arpa/inet.h>

#include <algorithm>
#include <array>
#include <utility>

namespace plugboard::http {
namespace {

bool is_this_machine(const std::string& address) {
  return address == "unix" || address == "::1" || address.starts_with("127.");
}

std::string household(const std::string& address) {
  std::array<char, 16> bytes{};
  if (::inet_pton(AF_INET6, address.c_str(), bytes.data()) != 1) return address;
  const std::string prefix(bytes.data(), 8);
  const bool mapped_v4 = std::all_of(prefix.begin(), prefix.end(), [](char c) { return c == 0; });
  return mapped_v4 ? address : prefix;
}

} // namespace

Crowd::Crowd(std::size_t most, std::size_t most_from_one)
    : most_(most), most_from_one_(most_from_one > 0 ? most_from_one : std::max<std::size_t>(1, most / 4)),
      spare_this_machine_(most_from_one == 0) {}

Crowd::Place::Place(Place&& other) noexcept
    : crowd_(std::exchange(other.crowd_, nullptr)), from_(std::move(other.from_)) {}

Crowd::Place& Crowd::Place::operator=(Place&& other) noexcept {
  std::swap(crowd_, other.crowd_);
  std::swap(from_, other.from_);
  return *this;
}

Crowd::Place::~Place() {
  if (crowd_) crowd_->leave(from_);
}

Crowd::Entry Crowd::enter(const std::string& address, Place& place) {
  const bool unlimited = spare_this_machine_ && is_this_machine(address);
  auto from = household(address);
  const std::lock_guard lock(mutex_);
  if (inside_ >= most_) return Entry::full;
  auto& from_there = from_[from];
  if (from_there >= most_from_one_ && !unlimited) return Entry::too_many_from_there;
  ++from_there;
  ++inside_;
  place.crowd_ = this;
  place.from_ = std::move(from);
  return Entry::welcome;
}

void Crowd::leave(const std::string& from) {
  const std::lock_guard lock(mutex_);
  const auto found = from_.find(from);
  if (found == from_.end()) return;
  --inside_;
  if (--found->second == 0) from_.erase(found);
}

} // namespace plugboard::http
