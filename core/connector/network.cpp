#include "core/connector/network.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <vector>

namespace plugboard::connector {
namespace {

using Bytes = boost::asio::ip::address_v6::bytes_type;
constexpr unsigned kMapped = 96; // bits before an IPv4 address
constexpr unsigned kAll = 128;

Bytes bytes_of(const http::Address& address) {
  if (address.is_v6()) return address.to_v6().to_bytes();
  Bytes bytes{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};
  const auto four = address.to_v4().to_bytes();
  std::copy(four.begin(), four.end(), bytes.begin() + 12);
  return bytes;
}

bool same_prefix(const Bytes& a, const Bytes& b, unsigned bits) {
  const auto whole = static_cast<std::ptrdiff_t>(bits / 8);
  if (!std::equal(a.begin(), a.begin() + whole, b.begin())) return false;
  const unsigned rest = bits % 8;
  return rest == 0 || ((a[bits / 8] ^ b[bits / 8]) >> (8 - rest)) == 0;
}

Bytes only_prefix(Bytes bytes, unsigned bits) {
  for (unsigned bit = bits; bit < kAll; ++bit) bytes[bit / 8] &= static_cast<unsigned char>(~(0x80U >> bit % 8));
  return bytes;
}

Error no_network(std::string_view text, const std::string& why) {
  return fail(Code::invalid_argument, '"' + std::string(text) + "\" is no network: " + why +
                                          "; write such as \"10.1.0.0/16\" or \"fd12::/32\"");
}

std::vector<SpecialRange> make_ranges() {
  const std::pair<const char*, std::string_view> kRanges[] = {
      {"0.0.0.0/8", "no address of a system"},
      {"10.0.0.0/8", "a private network"},
      {"100.64.0.0/10", "a provider's own network"},
      {"100.100.100.200", "a cloud's metadata service"},
      {"127.0.0.0/8", "this machine itself"},
      {"168.63.129.16", "a cloud's metadata service"},
      {"169.254.0.0/16", "a link's own network"},
      {"169.254.169.254", "a cloud's metadata service"},
      {"169.254.170.2", "a cloud's metadata service"},
      {"169.254.170.23", "a cloud's metadata service"},
      {"172.16.0.0/12", "a private network"},
      {"192.0.0.0/24", "reserved"},
      {"192.0.0.192", "a cloud's metadata service"},
      {"192.0.2.0/24", "reserved for documentation"},
      {"192.88.99.0/24", "reserved"},
      {"192.168.0.0/16", "a private network"},
      {"198.18.0.0/15", "reserved for benchmarks"},
      {"198.51.100.0/24", "reserved for documentation"},
      {"203.0.113.0/24", "reserved for documentation"},
      {"224.0.0.0/4", "a group of systems"},
      {"240.0.0.0/4", "reserved"},
      {"::/3", "reserved"}, // all but what is listed: 2000::/3 alone is given out
      {"::", "no address of a system"},
      {"::1", "this machine itself"},
      {"2001::/23", "reserved"},
      {"2001::/32", "a tunnel's address (Teredo)"},
      {"2001:2::/48", "reserved for benchmarks"},
      {"2001:db8::/32", "reserved for documentation"},
      {"2002::/16", "a tunnel's address (6to4)"},
      {"3fff::/20", "reserved for documentation"},
      {"4000::/2", "reserved"},
      {"8000::/1", "reserved"},
      {"fc00::/7", "a private network"},
      {"fd00:ec2::23", "a cloud's metadata service"},
      {"fd00:ec2::254", "a cloud's metadata service"},
      {"fd20:ce::254", "a cloud's metadata service"},
      {"fe80::/10", "a link's own network"},
      {"fec0::/10", "a private network"},
      {"ff00::/8", "a group of systems"},
  };
  std::vector<SpecialRange> ranges;
  for (const auto& [text, what] : kRanges) ranges.push_back({Network::parse(text).value(), what});
  std::stable_sort(ranges.begin(), ranges.end(),
                   [](const auto& a, const auto& b) { return a.network.bits() > b.network.bits(); });
  return ranges;
}

const std::vector<SpecialRange>& ranges() { // the narrowest first
  static const std::vector<SpecialRange> kAllRanges = make_ranges();
  return kAllRanges;
}

const Network& nat64() {
  static const Network kNat64 = Network::parse("64:ff9b::/96").value();
  return kNat64;
}

} // namespace

Result<Network> Network::parse(std::string_view text) {
  const auto slash = text.find('/');
  boost::system::error_code error;
  const auto address = boost::asio::ip::make_address(std::string(text.substr(0, slash)), error);
  if (error || text.find('%') != std::string_view::npos || text.find('\0') != std::string_view::npos)
    return no_network(text, "it begins with no address");
  const unsigned most = address.is_v4() ? kAll - kMapped : kAll;
  unsigned bits = most;
  if (slash != std::string_view::npos) {
    const auto digits = text.substr(slash + 1);
    const auto [end, wrong] = std::from_chars(digits.data(), digits.data() + digits.size(), bits);
    if (wrong != std::errc() || end != digits.data() + digits.size() || bits > most)
      return no_network(text, "it has no length from 0 to " + std::to_string(most) + " after the /");
  }
  const Network network(bytes_of(address), bits + kAll - most);
  if (network.first_ != only_prefix(network.first_, network.bits_))
    return no_network(text, "its address has bits set after its first " + std::to_string(bits));
  return network;
}

bool Network::contains(const http::Address& address) const {
  return same_prefix(first_, bytes_of(address), bits_);
}

bool Network::is_v4() const {
  return bits_ >= kMapped && boost::asio::ip::address_v6(first_).is_v4_mapped();
}

bool Network::lies_in(const Network& other) const {
  return bits_ >= other.bits_ && same_prefix(first_, other.first_, other.bits_);
}

http::Address inner(const http::Address& address) {
  if (!address.is_v6()) return address;
  const auto six = address.to_v6();
  if (!six.is_v4_mapped() && !nat64().contains(address)) return address;
  const auto bytes = six.to_bytes();
  return boost::asio::ip::address_v4({bytes[12], bytes[13], bytes[14], bytes[15]});
}

const SpecialRange* special_range_of(const http::Address& address) {
  const auto judged = inner(address);
  for (const auto& range : ranges()) {
    if (range.network.is_v4() == judged.is_v4() && range.network.contains(judged)) return &range;
  }
  return nullptr;
}

bool is_special(const Network& network) {
  return std::any_of(ranges().begin(), ranges().end(), [&](const auto& range) {
    return range.network.is_v4() == network.is_v4() && network.lies_in(range.network);
  });
}

} // namespace plugboard::connector
