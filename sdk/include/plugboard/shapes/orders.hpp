// The shape orders/v1, typed: orders that lack a required member do not compile.
// Written by sdk/shapes/make_builders.py; change the shape instead. Values.
// clang-format off
#pragma once

#include <plugboard/shapes/parts.hpp>

namespace plugboard::orders_v1 {

using parts_v1::Money;
using parts_v1::Address;

enum class OrderStatus : std::uint8_t { draft = 1, pending, confirmed, on_hold, processing, partially_shipped, shipped, delivered, completed, cancelled, returned, failed };

inline std::string_view name_of(OrderStatus value) {
  constexpr std::string_view kNames[] = {"draft", "pending", "confirmed", "on_hold", "processing", "partially_shipped", "shipped", "delivered", "completed", "cancelled", "returned", "failed"};
  return detail::name_at(kNames, static_cast<std::size_t>(value) - 1);
}

enum class OrderPaymentStatus : std::uint8_t { unpaid = 1, authorized, partially_paid, paid, partially_refunded, refunded, failed };

inline std::string_view name_of(OrderPaymentStatus value) {
  constexpr std::string_view kNames[] = {"unpaid", "authorized", "partially_paid", "paid", "partially_refunded", "refunded", "failed"};
  return detail::name_at(kNames, static_cast<std::size_t>(value) - 1);
}

enum class LineStatus : std::uint8_t { open = 1, shipped, delivered, cancelled, returned };

inline std::string_view name_of(LineStatus value) {
  constexpr std::string_view kNames[] = {"open", "shipped", "delivered", "cancelled", "returned"};
  return detail::name_at(kNames, static_cast<std::size_t>(value) - 1);
}

struct Line {
  std::optional<std::string> id{}; // The line's id.
  std::optional<std::string> sku{}; // The article's number.
  std::optional<std::string> name{}; // What it is.
  std::optional<double> quantity{}; // How many, or how much.
  std::optional<Money> unit_price{}; // For one.
  std::optional<Money> total{}; // For the line, after discounts.
  std::optional<LineStatus> status{}; // Where this line stands, when lines differ.
};

inline JsonObject to_json(const Line& from) {
  JsonObject out;
  if (from.id) out.set("id", *from.id);
  if (from.sku) out.set("sku", *from.sku);
  if (from.name) out.set("name", *from.name);
  if (from.quantity) out.set("quantity", *from.quantity);
  if (from.unit_price) out.set("unit_price", to_json(*from.unit_price));
  if (from.total) out.set("total", to_json(*from.total));
  if (from.status) out.set("status", name_of(*from.status));
  return out;
}

enum class ShipmentStatus : std::uint8_t { pending = 1, shipped, in_transit, out_for_delivery, delivered, failed, returned };

inline std::string_view name_of(ShipmentStatus value) {
  constexpr std::string_view kNames[] = {"pending", "shipped", "in_transit", "out_for_delivery", "delivered", "failed", "returned"};
  return detail::name_at(kNames, static_cast<std::size_t>(value) - 1);
}

struct Shipment {
  std::optional<std::string> id{}; // The shipment's id.
  std::optional<std::string> carrier{}; // Who brings it.
  std::optional<std::string> tracking_number{}; // The carrier's number.
  std::optional<std::string> tracking_url{}; // Where to follow it.
  std::optional<ShipmentStatus> status{}; // Where it is.
  std::optional<std::string> shipped_at{}; // When it left.
  std::optional<std::string> expected_at{}; // When it should arrive.
  std::optional<std::string> delivered_at{}; // When it arrived.
};

inline JsonObject to_json(const Shipment& from) {
  JsonObject out;
  if (from.id) out.set("id", *from.id);
  if (from.carrier) out.set("carrier", *from.carrier);
  if (from.tracking_number) out.set("tracking_number", *from.tracking_number);
  if (from.tracking_url) out.set("tracking_url", *from.tracking_url);
  if (from.status) out.set("status", name_of(*from.status));
  if (from.shipped_at) out.set("shipped_at", *from.shipped_at);
  if (from.expected_at) out.set("expected_at", *from.expected_at);
  if (from.delivered_at) out.set("delivered_at", *from.delivered_at);
  return out;
}

enum class ReturnStatus : std::uint8_t { requested = 1, approved, received, refunded, rejected };

inline std::string_view name_of(ReturnStatus value) {
  constexpr std::string_view kNames[] = {"requested", "approved", "received", "refunded", "rejected"};
  return detail::name_at(kNames, static_cast<std::size_t>(value) - 1);
}

struct Return {
  std::optional<std::string> id{}; // The return's id.
  std::optional<ReturnStatus> status{}; // Where it stands.
  std::optional<std::string> reason{}; // Why, in the customer's words.
  std::optional<std::string> requested_at{}; // When it was asked for.
  std::optional<Money> amount{}; // What is paid back.
};

inline JsonObject to_json(const Return& from) {
  JsonObject out;
  if (from.id) out.set("id", *from.id);
  if (from.status) out.set("status", name_of(*from.status));
  if (from.reason) out.set("reason", *from.reason);
  if (from.requested_at) out.set("requested_at", *from.requested_at);
  if (from.amount) out.set("amount", to_json(*from.amount));
  return out;
}

struct Order {
  Required<std::string> id; // The order's id.
  std::optional<std::string> number{}; // What the customer knows it by.
  std::optional<OrderStatus> status{}; // Where it stands. A system's own words are mapped to these.
  std::optional<OrderPaymentStatus> payment_status{}; // Whether it is paid.
  std::optional<std::string> placed_at{}; // When it was placed.
  std::optional<std::string> updated_at{}; // When anything of it last changed.
  std::optional<std::string> channel{}; // Where it was placed: web, app, store, phone.
  std::optional<Money> total{}; // What the customer pays in all.
  std::optional<Money> subtotal{}; // The goods alone.
  std::optional<Money> tax{}; // Tax within the total.
  std::optional<Money> shipping_cost{}; // Delivery.
  std::optional<Money> discount{}; // Taken off, as a positive amount.
  std::vector<Line> lines{}; // What was ordered.
  std::optional<Address> shipping_address{}; // Where it goes.
  std::optional<Address> billing_address{}; // Who pays.
  std::vector<Shipment> shipments{}; // Parcels on their way.
  std::vector<Return> returns{}; // Goods sent back.
  std::optional<std::string> note{}; // What the customer wrote with the order.
};

inline JsonObject to_json(const Order& from) {
  JsonObject out;
  out.set("id", *from.id);
  if (from.number) out.set("number", *from.number);
  if (from.status) out.set("status", name_of(*from.status));
  if (from.payment_status) out.set("payment_status", name_of(*from.payment_status));
  if (from.placed_at) out.set("placed_at", *from.placed_at);
  if (from.updated_at) out.set("updated_at", *from.updated_at);
  if (from.channel) out.set("channel", *from.channel);
  if (from.total) out.set("total", to_json(*from.total));
  if (from.subtotal) out.set("subtotal", to_json(*from.subtotal));
  if (from.tax) out.set("tax", to_json(*from.tax));
  if (from.shipping_cost) out.set("shipping_cost", to_json(*from.shipping_cost));
  if (from.discount) out.set("discount", to_json(*from.discount));
  if (!from.lines.empty()) out.set("lines", detail::array_of(from.lines, [](const auto& each) { return to_json(each); }));
  if (from.shipping_address) out.set("shipping_address", to_json(*from.shipping_address));
  if (from.billing_address) out.set("billing_address", to_json(*from.billing_address));
  if (!from.shipments.empty()) out.set("shipments", detail::array_of(from.shipments, [](const auto& each) { return to_json(each); }));
  if (!from.returns.empty()) out.set("returns", detail::array_of(from.returns, [](const auto& each) { return to_json(each); }));
  if (from.note) out.set("note", *from.note);
  return out;
}

struct Orders {
  std::optional<std::string> customer_id{}; // The customer's id in this system.
  Required<std::vector<Order>> orders; // The orders.
  std::optional<bool> more{}; // The system has more of them than are listed here.
};

inline JsonObject to_json(const Orders& from) {
  JsonObject out;
  if (from.customer_id) out.set("customer_id", *from.customer_id);
  out.set("orders", detail::array_of(*from.orders, [](const auto& each) { return to_json(each); }));
  if (from.more) out.set("more", *from.more);
  return out;
}

// What Section::data takes.
inline std::string data_of(const Orders& from) { return to_json(from).text(); }

} // namespace plugboard::orders_v1
