// All that one connection answers until its end, and requests whose answers can be told apart: each names a member that
// no call takes, and the hub's answer names it back. [any thread]
#pragma once

#include <chrono>
#include <string>
#include <string_view>
#include <vector>

namespace plugboard::test {

struct OneAnswer {
  int status = 0;
  bool closes = false; // it says so
  std::string body;
};

struct AnswersSeen {
  std::vector<OneAnswer> answers; // final ones: no 1xx
  std::string rest;               // bytes that are no whole answer
  bool ended = false;             // the other side closed; else it reset, or nothing more came in time

  std::string summary() const; // "400 200 (open)", for people
};

// Takes whole answers, each with a Content-Length or without any body, off the front of bytes.
std::vector<OneAnswer> take_answers(std::string& bytes);

// Sends the pieces one by one over a new connection, reads until its end. then_ends: says that nothing more comes.
AnswersSeen exchange(int port, const std::vector<std::string>& pieces, std::chrono::milliseconds patience,
                     bool then_ends = false);

std::string marked_body(const std::string& mark);
// Answered 400, with the mark in it. more: further fields.
std::string marked_request(const std::string& mark, const std::string& more = "");
bool is_marked(const OneAnswer& answer, const std::string& mark);

} // namespace plugboard::test
