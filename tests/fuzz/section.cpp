// What a plugin hands over for a section, against each published shape: first line which shape and whether the bytes
// are verbatim, then the bytes. What is let through is sound, follows its shape, and passes a second time unchanged.
#include "core/connector/examine.hpp"
#include "core/connector/published_shapes.hpp"
#include "core/json/document.hpp"
#include "tests/fuzz/target.hpp"

#include <plugboard/abi.h>

namespace plugboard::fuzz {
namespace {

connector::Outcome examine(std::string data, bool verbatim, const json::Shape& shape) {
  static const std::vector<Identifier> kAsked{{"customer_id", "42", true, "login"}};
  static const connector::SectionSpec kSection{"s", "", "", {}, {}, {{"/customer_id", "customer_id", false}}};
  static const connector::IdentifierRules kRules;
  static json::Reader reader; // as a thread of the hub's: one for all it reads
  connector::Reply reply;
  reply.status = PLUGBOARD_OK;
  reply.verbatim = verbatim;
  reply.data = std::move(data);
  std::string why;
  return connector::examine_lookup(std::move(reply), {"crm", kSection, shape, kAsked, kRules}, reader, why);
}

} // namespace

void fuzz(std::string_view input) {
  static const json::Shapes shapes = connector::published_shapes();
  auto line = take_line(input);
  const bool verbatim = line.ends_with('!');
  if (verbatim) line.remove_suffix(1);
  const auto shape = shapes.find(line);
  if (shape == shapes.end()) return;
  const auto outcome = examine(std::string(input), verbatim, *shape->second);
  require(outcome.detail.find('\n') == std::string::npos, "what is said of it is one line");
  if (outcome.status != connector::Status::ok) return require(outcome.data.empty(), "what is refused is not kept");
  json::Reader reader;
  const auto value = reader.read(outcome.data);
  require(value.has_value() && value->is_object(), "what is let through is a sound object");
  const auto echoed = (*value)["customer_id"];
  require(!echoed.found() || echoed.string() == "42", "and is this customer's");
  const auto again = examine(std::string(outcome.data), false, *shape->second);
  require(again.status == connector::Status::ok && again.data == outcome.data, "and passes again as it is");
}

} // namespace plugboard::fuzz
