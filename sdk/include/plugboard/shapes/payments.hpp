// The shape payments/v1, typed: payments that lack a required member do not compile.
// Written by sdk/shapes/make_builders.py; change the shape instead. Values.
// clang-format off
#pragma once

#include <plugboard/shapes/parts.hpp>

namespace plugboard::payments_v1 {

using parts_v1::Money;
using parts_v1::Address;

enum class PaymentKind : std::uint8_t { charge = 1, invoice, subscription, refund, credit, chargeback, payout, fee };

inline std::string_view name_of(PaymentKind value) {
  constexpr std::string_view kNames[] = {"charge", "invoice", "subscription", "refund", "credit", "chargeback", "payout", "fee"};
  return detail::name_at(kNames, static_cast<std::size_t>(value) - 1);
}

enum class PaymentStatus : std::uint8_t { draft = 1, open, pending, authorized, paid, partially_paid, partially_refunded, refunded, overdue, failed, cancelled, disputed, written_off };

inline std::string_view name_of(PaymentStatus value) {
  constexpr std::string_view kNames[] = {"draft", "open", "pending", "authorized", "paid", "partially_paid", "partially_refunded", "refunded", "overdue", "failed", "cancelled", "disputed", "written_off"};
  return detail::name_at(kNames, static_cast<std::size_t>(value) - 1);
}

enum class MethodType : std::uint8_t { card = 1, bank_transfer, direct_debit, invoice, wallet, cash, gift_card, buy_now_pay_later, other };

inline std::string_view name_of(MethodType value) {
  constexpr std::string_view kNames[] = {"card", "bank_transfer", "direct_debit", "invoice", "wallet", "cash", "gift_card", "buy_now_pay_later", "other"};
  return detail::name_at(kNames, static_cast<std::size_t>(value) - 1);
}

struct Method {
  std::optional<MethodType> type{}; // How it is paid.
  std::optional<std::string> brand{}; // visa, mastercard, paypal, klarna, …
  std::optional<std::string> last4{}; // The last four characters of card or account.
  std::optional<std::int64_t> expiry_month{}; // Of the card.
  std::optional<std::int64_t> expiry_year{}; // Of the card, four digits.
  std::optional<std::string> holder{}; // Whose card or account it is.
  std::optional<std::string> number{}; // A full card or account number: never passes.
  std::optional<std::string> cvv{}; // A card's security code: never passes, and is stored nowhere.
  std::optional<std::string> track_data{}; // What a card's stripe or chip says: never passes.
  std::optional<std::string> pin{}; // A card's PIN or PIN block: never passes.
};

inline JsonObject to_json(const Method& from) {
  JsonObject out;
  if (from.type) out.set("type", name_of(*from.type));
  if (from.brand) out.set("brand", *from.brand);
  if (from.last4) out.set("last4", *from.last4);
  if (from.expiry_month) out.set("expiry_month", *from.expiry_month);
  if (from.expiry_year) out.set("expiry_year", *from.expiry_year);
  if (from.holder) out.set("holder", *from.holder);
  if (from.number) out.set("number", *from.number);
  if (from.cvv) out.set("cvv", *from.cvv);
  if (from.track_data) out.set("track_data", *from.track_data);
  if (from.pin) out.set("pin", *from.pin);
  return out;
}

struct Line {
  std::optional<std::string> id{}; // The line's id.
  std::optional<std::string> sku{}; // The article's number.
  std::optional<std::string> description{}; // What it is.
  std::optional<double> quantity{}; // How many, or how much.
  std::optional<Money> unit_price{}; // For one.
  std::optional<Money> total{}; // For the line.
};

inline JsonObject to_json(const Line& from) {
  JsonObject out;
  if (from.id) out.set("id", *from.id);
  if (from.sku) out.set("sku", *from.sku);
  if (from.description) out.set("description", *from.description);
  if (from.quantity) out.set("quantity", *from.quantity);
  if (from.unit_price) out.set("unit_price", to_json(*from.unit_price));
  if (from.total) out.set("total", to_json(*from.total));
  return out;
}

enum class RefundStatus : std::uint8_t { pending = 1, succeeded, failed, cancelled };

inline std::string_view name_of(RefundStatus value) {
  constexpr std::string_view kNames[] = {"pending", "succeeded", "failed", "cancelled"};
  return detail::name_at(kNames, static_cast<std::size_t>(value) - 1);
}

struct Refund {
  std::optional<std::string> id{}; // The refund's id.
  std::optional<Money> amount{}; // What was paid back.
  std::optional<RefundStatus> status{}; // Where it stands.
  std::optional<std::string> reason{}; // Why.
  std::optional<std::string> created_at{}; // When it was made.
};

inline JsonObject to_json(const Refund& from) {
  JsonObject out;
  if (from.id) out.set("id", *from.id);
  if (from.amount) out.set("amount", to_json(*from.amount));
  if (from.status) out.set("status", name_of(*from.status));
  if (from.reason) out.set("reason", *from.reason);
  if (from.created_at) out.set("created_at", *from.created_at);
  return out;
}

struct Payment {
  Required<std::string> id; // The payment's or invoice's id.
  std::optional<std::string> number{}; // What the customer knows it by: invoice or receipt number.
  std::optional<PaymentKind> kind{}; // What it is.
  std::optional<PaymentStatus> status{}; // Where it stands. A system's own words are mapped to these.
  std::optional<Money> amount{}; // What it is over.
  std::optional<Money> paid{}; // What was paid of it.
  std::optional<Money> outstanding{}; // What is still to pay.
  std::optional<Money> tax{}; // Tax within the amount.
  std::optional<Money> refunded{}; // What was paid back of it.
  std::optional<std::string> order_id{}; // The order it belongs to.
  std::optional<std::string> reference{}; // The payment reference, as on the bank statement.
  std::optional<std::string> description{}; // What it is for.
  std::optional<std::string> created_at{}; // When it was made or invoiced.
  std::optional<std::string> due_at{}; // Until when it is to be paid.
  std::optional<std::string> paid_at{}; // When it was paid.
  std::optional<std::string> failure_code{}; // Why it failed, in the provider's code: card_declined, insufficient_funds.
  std::optional<Method> method{}; // How it is or was paid.
  std::optional<Address> billing_address{}; // Who is invoiced.
  std::vector<Line> lines{}; // What is charged.
  std::vector<Refund> refunds{}; // What was paid back, one by one.
};

inline JsonObject to_json(const Payment& from) {
  JsonObject out;
  out.set("id", *from.id);
  if (from.number) out.set("number", *from.number);
  if (from.kind) out.set("kind", name_of(*from.kind));
  if (from.status) out.set("status", name_of(*from.status));
  if (from.amount) out.set("amount", to_json(*from.amount));
  if (from.paid) out.set("paid", to_json(*from.paid));
  if (from.outstanding) out.set("outstanding", to_json(*from.outstanding));
  if (from.tax) out.set("tax", to_json(*from.tax));
  if (from.refunded) out.set("refunded", to_json(*from.refunded));
  if (from.order_id) out.set("order_id", *from.order_id);
  if (from.reference) out.set("reference", *from.reference);
  if (from.description) out.set("description", *from.description);
  if (from.created_at) out.set("created_at", *from.created_at);
  if (from.due_at) out.set("due_at", *from.due_at);
  if (from.paid_at) out.set("paid_at", *from.paid_at);
  if (from.failure_code) out.set("failure_code", *from.failure_code);
  if (from.method) out.set("method", to_json(*from.method));
  if (from.billing_address) out.set("billing_address", to_json(*from.billing_address));
  if (!from.lines.empty()) out.set("lines", detail::array_of(from.lines, [](const auto& each) { return to_json(each); }));
  if (!from.refunds.empty()) out.set("refunds", detail::array_of(from.refunds, [](const auto& each) { return to_json(each); }));
  return out;
}

struct Payments {
  std::optional<std::string> customer_id{}; // The customer's id in this system.
  std::optional<Money> balance{}; // What the customer owes now; negative: what they have to their credit.
  Required<std::vector<Payment>> payments; // The payments.
  std::optional<bool> more{}; // The system has more of them than are listed here.
};

inline JsonObject to_json(const Payments& from) {
  JsonObject out;
  if (from.customer_id) out.set("customer_id", *from.customer_id);
  if (from.balance) out.set("balance", to_json(*from.balance));
  out.set("payments", detail::array_of(*from.payments, [](const auto& each) { return to_json(each); }));
  if (from.more) out.set("more", *from.more);
  return out;
}

// What Section::data takes.
inline std::string data_of(const Payments& from) { return to_json(from).text(); }

} // namespace plugboard::payments_v1
