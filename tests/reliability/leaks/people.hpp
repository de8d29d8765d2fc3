// The customers of these promises, each with eight values that nobody else has and that must not be found anywhere but
// in an answer. Made from a seed. Values.
#pragma once

#include "tests/support/canaries.hpp"

#include <random>
#include <string>
#include <vector>

namespace plugboard::test {

struct Person {
  std::string email, customer_id;                   // named by their login: the store keeps them with the session
  std::string name, number, card, iban, token, cvv; // what systems say of them: nothing keeps it
  std::string record() const;                       // as a system has it, a JSON object
};

std::vector<Person> people(std::size_t count, std::mt19937_64& random);
std::vector<Marked> canaries_of(const std::vector<Person>& people);

std::string card_number(std::mt19937_64& random); // 16 digits that pass Luhn's check
std::string iban(std::mt19937_64& random);        // a German one that passes mod 97

} // namespace plugboard::test
