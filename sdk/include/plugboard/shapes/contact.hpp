// The shape contact/v1, typed: contact that lack a required member do not compile.
// Written by sdk/shapes/make_builders.py; change the shape instead. Values.
// clang-format off
#pragma once

#include <plugboard/shapes/parts.hpp>

namespace plugboard::contact_v1 {

using parts_v1::Address;

enum class EmailType : std::uint8_t { private_ = 1, work, other };

inline std::string_view name_of(EmailType value) {
  constexpr std::string_view kNames[] = {"private", "work", "other"};
  return detail::name_at(kNames, static_cast<std::size_t>(value) - 1);
}

struct Email {
  Required<std::string> address; // The address.
  std::optional<EmailType> type{}; // What it is used for.
  std::optional<bool> primary{}; // The one to use.
  std::optional<bool> verified{}; // The system knows that the customer can read mail sent to it.
};

inline JsonObject to_json(const Email& from) {
  JsonObject out;
  out.set("address", *from.address);
  if (from.type) out.set("type", name_of(*from.type));
  if (from.primary) out.set("primary", *from.primary);
  if (from.verified) out.set("verified", *from.verified);
  return out;
}

enum class PhoneType : std::uint8_t { mobile = 1, home, work, fax, other };

inline std::string_view name_of(PhoneType value) {
  constexpr std::string_view kNames[] = {"mobile", "home", "work", "fax", "other"};
  return detail::name_at(kNames, static_cast<std::size_t>(value) - 1);
}

struct Phone {
  Required<std::string> number; // E.164 where the system knows the country (+4670…), else as it stands there.
  std::optional<PhoneType> type{}; // What it is.
  std::optional<bool> primary{}; // The one to use.
  std::optional<bool> verified{}; // The system knows that the customer answers it.
};

inline JsonObject to_json(const Phone& from) {
  JsonObject out;
  out.set("number", *from.number);
  if (from.type) out.set("type", name_of(*from.type));
  if (from.primary) out.set("primary", *from.primary);
  if (from.verified) out.set("verified", *from.verified);
  return out;
}

enum class ContactAddressType : std::uint8_t { billing = 1, shipping, home, work, other };

inline std::string_view name_of(ContactAddressType value) {
  constexpr std::string_view kNames[] = {"billing", "shipping", "home", "work", "other"};
  return detail::name_at(kNames, static_cast<std::size_t>(value) - 1);
}

struct ContactAddress {
  std::optional<ContactAddressType> type{}; // What it is used for.
  Required<Address> address; // The address.
};

inline JsonObject to_json(const ContactAddress& from) {
  JsonObject out;
  if (from.type) out.set("type", name_of(*from.type));
  out.set("address", to_json(*from.address));
  return out;
}

enum class ContactStatus : std::uint8_t { prospect = 1, active, inactive, blocked, closed };

inline std::string_view name_of(ContactStatus value) {
  constexpr std::string_view kNames[] = {"prospect", "active", "inactive", "blocked", "closed"};
  return detail::name_at(kNames, static_cast<std::size_t>(value) - 1);
}

struct Consents {
  std::optional<bool> marketing_email{}; // May be sent offers by e-mail.
  std::optional<bool> marketing_phone{}; // May be called with offers.
  std::optional<bool> marketing_sms{}; // May be sent offers by text message.
  std::optional<bool> recording{}; // Calls may be recorded.
};

inline JsonObject to_json(const Consents& from) {
  JsonObject out;
  if (from.marketing_email) out.set("marketing_email", *from.marketing_email);
  if (from.marketing_phone) out.set("marketing_phone", *from.marketing_phone);
  if (from.marketing_sms) out.set("marketing_sms", *from.marketing_sms);
  if (from.recording) out.set("recording", *from.recording);
  return out;
}

struct AccountManager {
  std::optional<std::string> id{}; // Their id in this system.
  std::optional<std::string> name{}; // Their name.
  std::optional<std::string> email{}; // Their address.
  std::optional<std::string> phone{}; // Their number.
};

inline JsonObject to_json(const AccountManager& from) {
  JsonObject out;
  if (from.id) out.set("id", *from.id);
  if (from.name) out.set("name", *from.name);
  if (from.email) out.set("email", *from.email);
  if (from.phone) out.set("phone", *from.phone);
  return out;
}

struct Contact {
  Required<std::string> customer_id; // The record's id in this system.
  std::optional<std::string> name{}; // The full name, as the customer is addressed.
  std::optional<std::string> given_name{}; // First name.
  std::optional<std::string> family_name{}; // Last name.
  std::optional<std::string> salutation{}; // Mr, Dr, …
  std::optional<std::string> company{}; // The organisation the customer belongs to or is.
  std::optional<std::string> job_title{}; // Their role there.
  std::optional<std::string> vat_number{}; // The company's VAT or tax number.
  std::optional<std::string> birth_date{}; // Date of birth.
  std::vector<Email> emails{}; // E-mail addresses.
  std::vector<Phone> phones{}; // Telephone numbers.
  std::optional<Address> address{}; // Where the customer lives or has their seat.
  std::vector<ContactAddress> addresses{}; // Further addresses.
  std::optional<std::string> language{}; // BCP 47: the language to speak with them.
  std::optional<std::string> time_zone{}; // IANA name, Europe/Stockholm.
  std::optional<ContactStatus> status{}; // How the relation stands. A system's own words are mapped to these.
  std::optional<std::string> segment{}; // The customer group the business sorts them into.
  std::optional<bool> vip{}; // To be treated with special care.
  std::vector<std::string> tags{}; // Labels that people put on the record.
  std::optional<std::string> customer_since{}; // Since when they are a customer.
  std::optional<std::string> updated_at{}; // When the record was last changed.
  std::optional<Consents> consents{}; // What the customer allowed; what is not here is not known.
  std::optional<AccountManager> account_manager{}; // Whose customer it is.
  std::optional<std::string> notes{}; // What people wrote about the customer.
};

inline JsonObject to_json(const Contact& from) {
  JsonObject out;
  out.set("customer_id", *from.customer_id);
  if (from.name) out.set("name", *from.name);
  if (from.given_name) out.set("given_name", *from.given_name);
  if (from.family_name) out.set("family_name", *from.family_name);
  if (from.salutation) out.set("salutation", *from.salutation);
  if (from.company) out.set("company", *from.company);
  if (from.job_title) out.set("job_title", *from.job_title);
  if (from.vat_number) out.set("vat_number", *from.vat_number);
  if (from.birth_date) out.set("birth_date", *from.birth_date);
  if (!from.emails.empty()) out.set("emails", detail::array_of(from.emails, [](const auto& each) { return to_json(each); }));
  if (!from.phones.empty()) out.set("phones", detail::array_of(from.phones, [](const auto& each) { return to_json(each); }));
  if (from.address) out.set("address", to_json(*from.address));
  if (!from.addresses.empty()) out.set("addresses", detail::array_of(from.addresses, [](const auto& each) { return to_json(each); }));
  if (from.language) out.set("language", *from.language);
  if (from.time_zone) out.set("time_zone", *from.time_zone);
  if (from.status) out.set("status", name_of(*from.status));
  if (from.segment) out.set("segment", *from.segment);
  if (from.vip) out.set("vip", *from.vip);
  if (!from.tags.empty()) out.set("tags", detail::array_of(from.tags, [](const auto& each) { return each; }));
  if (from.customer_since) out.set("customer_since", *from.customer_since);
  if (from.updated_at) out.set("updated_at", *from.updated_at);
  if (from.consents) out.set("consents", to_json(*from.consents));
  if (from.account_manager) out.set("account_manager", to_json(*from.account_manager));
  if (from.notes) out.set("notes", *from.notes);
  return out;
}

// What Section::data takes.
inline std::string data_of(const Contact& from) { return to_json(from).text(); }

} // namespace plugboard::contact_v1
