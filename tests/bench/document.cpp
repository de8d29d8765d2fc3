#include "tests/bench/document.hpp"

namespace plugboard::bench {
namespace {

std::string line(const std::string& id, int number, std::string_view name, int price) {
  return R"({"id":")" + id + "-" + std::to_string(number) + R"(","sku":"SKU-)" + std::to_string(4100 + number) +
         R"(","name":")" + std::string(name) + R"(","quantity":)" + std::to_string(number) +
         R"(,"unit_price":{"amount_minor":)" + std::to_string(price) + R"(,"currency":"SEK"}})";
}

std::string order(const std::string& id, std::string_view status, std::string_view placed) {
  return R"({"id":")" + id + R"(","status":")" + std::string(status) + R"(","payment_status":"paid","placed_at":")" +
         std::string(placed) + R"(","total":{"amount_minor":287700,"currency":"SEK"},"lines":[)" +
         line(id, 1, "Kettle, brushed steel", 129900) + "," + line(id, 2, "Cup \\\"Åre\\\" 3 dl", 78900) + "]}";
}

} // namespace

std::string document(std::string_view system, std::string_view customer) {
  const auto id = std::string(system) + "-" + std::string(customer);
  return R"({"customer_id":")" + std::string(customer) + R"(","orders":[)" +
         order(id + "-7", "shipped", "2026-03-29T08:15:00Z") + "," +
         order(id + "-6", "delivered", "2026-02-11T17:42:09Z") + "]}";
}

} // namespace plugboard::bench
