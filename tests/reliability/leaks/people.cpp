#include "tests/reliability/leaks/people.hpp"

#include "tests/support/json.hpp"

namespace plugboard::test {

namespace {

std::string drawn(std::string_view letters, std::size_t count, std::mt19937_64& random) {
  std::string out;
  while (out.size() < count) out += letters[random() % letters.size()];
  return out;
}

std::string digits(std::size_t count, std::mt19937_64& random) { // never zeros first: a number in JSON, too
  return drawn("123456789", 1, random) + drawn("0123456789", count - 1, random);
}

std::string word(std::size_t count, std::mt19937_64& random) {
  return drawn("abcdefghijklmnopqrstuvwxyz", count, random);
}

char luhn_digit(const std::string& number) {
  int sum = 0;
  for (std::size_t i = 0; i < number.size(); ++i) {
    int digit = number[number.size() - 1 - i] - '0';
    if (i % 2 == 0) digit = digit > 4 ? digit * 2 - 9 : digit * 2;
    sum += digit;
  }
  return static_cast<char>('0' + (10 - sum % 10) % 10);
}

int mod_97(const std::string& number) {
  int rest = 0;
  for (const char c : number) rest = (rest * 10 + (c - '0')) % 97;
  return rest;
}

} // namespace

std::string card_number(std::mt19937_64& random) {
  const auto number = "4" + digits(14, random);
  return number + luhn_digit(number);
}

std::string iban(std::mt19937_64& random) {
  const auto account = digits(18, random);
  const int check = 98 - mod_97(account + "131400"); // D, E, and the check digits' place
  return "DE" + std::string(check < 10 ? "0" : "") + std::to_string(check) + account;
}

std::string Person::record() const {
  return R"({"customer_id": )" + json_string(customer_id) + R"(, "email": )" + json_string(email) + R"(, "name": )" +
         json_string(name) + R"(, "reference": )" + number + R"(, "card": )" + json_string(card) + R"(, "iban": )" +
         json_string(iban) + R"(, "note": "the key is )" + token + R"(", "cvv": )" + json_string(cvv) + "}";
}

std::vector<Person> people(std::size_t count, std::mt19937_64& random) {
  std::vector<Person> all;
  while (all.size() < count) {
    Person one;
    one.email = word(7, random) + "." + word(9, random) + "@" + word(8, random) + ".example";
    one.customer_id = digits(14, random);
    one.name = "Q" + word(8, random) + " Z" + word(10, random);
    one.number = digits(15, random);
    one.card = card_number(random);
    one.iban = iban(random);
    one.token = "sk_" + drawn("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789", 32, random);
    one.cvv = digits(13, random);
    all.push_back(std::move(one));
  }
  return all;
}

std::vector<Marked> canaries_of(const std::vector<Person>& people) {
  std::vector<Marked> canaries;
  for (std::size_t i = 0; i < people.size(); ++i) {
    const auto& one = people[i];
    const auto add = [&](Marked::Home home, const char* what, const std::string& value) {
      canaries.push_back({home, "customer " + std::to_string(i) + "'s " + what, value});
    };
    add(Marked::Home::store, "e-mail", one.email);
    add(Marked::Home::store, "customer number", one.customer_id);
    add(Marked::Home::nowhere, "name", one.name);
    add(Marked::Home::nowhere, "number", one.number);
    add(Marked::Home::nowhere, "card", one.card);
    add(Marked::Home::nowhere, "IBAN", one.iban);
    add(Marked::Home::nowhere, "token", one.token);
    add(Marked::Home::nowhere, "CVV", one.cvv);
  }
  return canaries;
}

} // namespace plugboard::test
