// The shape tickets/v1, typed: tickets that lack a required member do not compile.
// Written by sdk/shapes/make_builders.py; change the shape instead. Values.
// clang-format off
#pragma once

#include <plugboard/shapes/required.hpp>

namespace plugboard::tickets_v1 {

enum class TicketStatus : std::uint8_t { new_ = 1, open, pending, on_hold, solved, closed };

inline std::string_view name_of(TicketStatus value) {
  constexpr std::string_view kNames[] = {"new", "open", "pending", "on_hold", "solved", "closed"};
  return detail::name_at(kNames, static_cast<std::size_t>(value) - 1);
}

enum class TicketPriority : std::uint8_t { low = 1, normal, high, urgent };

inline std::string_view name_of(TicketPriority value) {
  constexpr std::string_view kNames[] = {"low", "normal", "high", "urgent"};
  return detail::name_at(kNames, static_cast<std::size_t>(value) - 1);
}

enum class TicketType : std::uint8_t { question = 1, incident, problem, task, complaint, other };

inline std::string_view name_of(TicketType value) {
  constexpr std::string_view kNames[] = {"question", "incident", "problem", "task", "complaint", "other"};
  return detail::name_at(kNames, static_cast<std::size_t>(value) - 1);
}

enum class TicketChannel : std::uint8_t { email = 1, chat, phone, web, app, social, sms, letter, in_person, other };

inline std::string_view name_of(TicketChannel value) {
  constexpr std::string_view kNames[] = {"email", "chat", "phone", "web", "app", "social", "sms", "letter", "in_person", "other"};
  return detail::name_at(kNames, static_cast<std::size_t>(value) - 1);
}

struct Assignee {
  std::optional<std::string> id{}; // Their id.
  std::optional<std::string> name{}; // Their name.
  std::optional<std::string> team{}; // Their team.
};

inline JsonObject to_json(const Assignee& from) {
  JsonObject out;
  if (from.id) out.set("id", *from.id);
  if (from.name) out.set("name", *from.name);
  if (from.team) out.set("team", *from.team);
  return out;
}

enum class SatisfactionScore : std::uint8_t { good = 1, neutral, bad };

inline std::string_view name_of(SatisfactionScore value) {
  constexpr std::string_view kNames[] = {"good", "neutral", "bad"};
  return detail::name_at(kNames, static_cast<std::size_t>(value) - 1);
}

struct Satisfaction {
  std::optional<SatisfactionScore> score{}; // What the customer thought of the help.
  std::optional<std::string> comment{}; // In their words.
};

inline JsonObject to_json(const Satisfaction& from) {
  JsonObject out;
  if (from.score) out.set("score", name_of(*from.score));
  if (from.comment) out.set("comment", *from.comment);
  return out;
}

enum class MessageAuthor : std::uint8_t { customer = 1, agent, bot, system };

inline std::string_view name_of(MessageAuthor value) {
  constexpr std::string_view kNames[] = {"customer", "agent", "bot", "system"};
  return detail::name_at(kNames, static_cast<std::size_t>(value) - 1);
}

struct Message {
  std::optional<std::string> id{}; // The message's id.
  std::optional<MessageAuthor> author{}; // Who wrote it.
  std::optional<std::string> author_name{}; // Their name.
  std::optional<std::string> text{}; // What was written, as plain text.
  std::optional<bool> internal{}; // A note that the customer has not seen.
  std::optional<std::string> created_at{}; // When it was written.
};

inline JsonObject to_json(const Message& from) {
  JsonObject out;
  if (from.id) out.set("id", *from.id);
  if (from.author) out.set("author", name_of(*from.author));
  if (from.author_name) out.set("author_name", *from.author_name);
  if (from.text) out.set("text", *from.text);
  if (from.internal) out.set("internal", *from.internal);
  if (from.created_at) out.set("created_at", *from.created_at);
  return out;
}

struct Ticket {
  Required<std::string> id; // The ticket's id.
  std::optional<std::string> number{}; // What the customer knows it by.
  std::optional<std::string> subject{}; // What it is about, mostly in the customer's words.
  std::optional<TicketStatus> status{}; // pending waits for the customer, on_hold for somebody else. A system's own words are mapped to these.
  std::optional<TicketPriority> priority{}; // How urgent it is.
  std::optional<TicketType> type{}; // What kind of matter.
  std::optional<TicketChannel> channel{}; // How it came in.
  std::optional<std::string> category{}; // Where the desk has filed it.
  std::vector<std::string> tags{}; // Labels.
  std::optional<std::string> order_id{}; // The order it is about.
  std::optional<std::string> created_at{}; // When it was opened.
  std::optional<std::string> updated_at{}; // When anything of it last changed.
  std::optional<std::string> due_at{}; // Until when it must be answered.
  std::optional<std::string> solved_at{}; // When it was solved.
  std::optional<Assignee> assignee{}; // Who works on it.
  std::optional<Satisfaction> satisfaction{}; // The customer's verdict.
  std::optional<std::string> summary{}; // The matter in a few words, as the system sums it up.
  std::optional<std::int64_t> message_count{}; // How many messages it has in all.
  std::vector<Message> messages{}; // The messages, newest last.
};

inline JsonObject to_json(const Ticket& from) {
  JsonObject out;
  out.set("id", *from.id);
  if (from.number) out.set("number", *from.number);
  if (from.subject) out.set("subject", *from.subject);
  if (from.status) out.set("status", name_of(*from.status));
  if (from.priority) out.set("priority", name_of(*from.priority));
  if (from.type) out.set("type", name_of(*from.type));
  if (from.channel) out.set("channel", name_of(*from.channel));
  if (from.category) out.set("category", *from.category);
  if (!from.tags.empty()) out.set("tags", detail::array_of(from.tags, [](const auto& each) { return each; }));
  if (from.order_id) out.set("order_id", *from.order_id);
  if (from.created_at) out.set("created_at", *from.created_at);
  if (from.updated_at) out.set("updated_at", *from.updated_at);
  if (from.due_at) out.set("due_at", *from.due_at);
  if (from.solved_at) out.set("solved_at", *from.solved_at);
  if (from.assignee) out.set("assignee", to_json(*from.assignee));
  if (from.satisfaction) out.set("satisfaction", to_json(*from.satisfaction));
  if (from.summary) out.set("summary", *from.summary);
  if (from.message_count) out.set("message_count", *from.message_count);
  if (!from.messages.empty()) out.set("messages", detail::array_of(from.messages, [](const auto& each) { return to_json(each); }));
  return out;
}

struct Tickets {
  std::optional<std::string> customer_id{}; // The customer's id in this system.
  Required<std::vector<Ticket>> tickets; // The tickets.
  std::optional<bool> more{}; // The system has more of them than are listed here.
};

inline JsonObject to_json(const Tickets& from) {
  JsonObject out;
  if (from.customer_id) out.set("customer_id", *from.customer_id);
  out.set("tickets", detail::array_of(*from.tickets, [](const auto& each) { return to_json(each); }));
  if (from.more) out.set("more", *from.more);
  return out;
}

// What Section::data takes.
inline std::string data_of(const Tickets& from) { return to_json(from).text(); }

} // namespace plugboard::tickets_v1
