// C1: a token is 256 random bits of the kernel's and stands nowhere: neither in what the store wrote nor in the log is
// one that could be used.
#include "core/base/crypto.hpp"
#include "core/base/ids.hpp"
#include "tests/reliability/promise.hpp"
#include "tests/reliability/sessions/stage.hpp"

#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <unordered_set>

namespace plugboard::test {
namespace {

constexpr int kTokens = 10'000, kOthers = 500;
constexpr std::size_t kWindow = 16; // of a token's random part: no such text stands there by chance

std::string random_part(const std::string& token) {
  return token.substr(4, 43);
}

std::string as_stored_without_a_key(const std::string& token) {
  return hex(sha256(token));
}

// Of what a token leaves behind, and of a hash that anybody could make of it.
std::size_t found_in(const std::string& dump, const std::vector<std::string>& tokens) {
  std::unordered_set<std::string_view> windows;
  std::vector<std::string> hashes;
  for (const std::string& token : tokens) hashes.push_back(as_stored_without_a_key(token));
  for (const std::string& token : tokens) windows.insert(std::string_view(token).substr(4, kWindow));
  for (const std::string& hash : hashes) windows.insert(std::string_view(hash).substr(0, kWindow));
  std::size_t found = 0;
  for (std::size_t at = 0; at + kWindow <= dump.size(); ++at)
    found += windows.contains(std::string_view(dump).substr(at, kWindow)) ? 1 : 0;
  return found;
}

int digit_of(char c) {
  static constexpr std::string_view kDigits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  return static_cast<int>(kDigits.find(c));
}

// Each of the 256 bits is set in half of the tokens, but for chance: five standard deviations.
void judge_bits(Showing& showing, const std::vector<std::string>& tokens) {
  const double half = static_cast<double>(tokens.size()) / 2, allowed = 5 * std::sqrt(half / 2);
  for (int bit = 0; bit < 256; ++bit) {
    const auto is_set = [&](const std::string& token) {
      return (digit_of(random_part(token)[static_cast<std::size_t>(bit / 6)]) >> (5 - bit % 6) & 1) != 0;
    };
    const auto set = static_cast<double>(std::count_if(tokens.begin(), tokens.end(), is_set));
    showing.holds(std::abs(set - half) < allowed, "bit " + std::to_string(bit) + " of a token is not random");
  }
}

// Two processes that were one go on with different tokens.
void fork_once(Showing& showing) {
  SystemRandom random;
  static_cast<void>(random.next());
  int ends[2];
  if (::pipe(ends) != 0) return showing.fail("no pipe");
  const pid_t child = ::fork();
  if (child == 0) {
    const Secret token = new_token("pbs_", random);
    ::_exit(::write(ends[1], token.reveal().data(), token.reveal().size()) > 0 ? 0 : 1);
  }
  const std::string ours = text_of(new_token("pbs_", random));
  std::string theirs(ours.size(), ' ');
  const auto read = ::read(ends[0], theirs.data(), theirs.size());
  int status = 0;
  ::waitpid(child, &status, 0);
  ::close(ends[0]);
  ::close(ends[1]);
  showing.holds(child > 0 && read == static_cast<ssize_t>(ours.size()) && status == 0, "the fork did not work");
  showing.holds(ours != theirs, "a forked process gives away the same token");
  showing.count("forks");
}

void show(Showing& showing) {
  SystemRandom random;
  Stage stage(random);
  std::vector<std::string> tokens, all;
  for (int i = 0; i < kTokens; ++i) {
    const auto created =
        stage.log_in(stage.proof("customer " + std::to_string(i % 50), Assurance::aal1), Holder("desk", "chat"));
    tokens.push_back(text_of(created.value().token));
  }
  all = tokens;
  for (int i = 0; i < kOthers; ++i) {
    const std::string& token = tokens[static_cast<std::size_t>(i)];
    all.push_back(stage.hand_off(token, "desk", "voice").value());
    all.push_back(stage.begin_login().value());
    all.push_back(text_of(
        stage.step_up(token, "desk", stage.proof("customer " + std::to_string(i % 50), Assurance::aal2))->token));
    static_cast<void>(stage.find(token, i % 2 == 0 ? "desk" : "stranger")); // alarms, which the log tells of
  }
  const std::string dump = stage.files() + stage.log_text();
  showing.holds(dump.find("customer 7@shop.example") != std::string::npos &&
                    dump.find("session.reused_token") != std::string::npos,
                "the search is blind");
  showing.holds(found_in(dump + all.front(), all) > 0, "the search finds nothing");
  const std::size_t found = found_in(dump, all);
  showing.holds(found == 0, std::to_string(found) + " pieces of tokens stand in the store or the log");
  showing.holds(std::unordered_set<std::string>(all.begin(), all.end()).size() == all.size(), "a token came twice");
  judge_bits(showing, tokens);
  for (int i = 0; i < 20; ++i) fork_once(showing);
  showing.count("tokens", static_cast<std::int64_t>(all.size()));
  showing.count("bytes", static_cast<std::int64_t>(dump.size()));
}

} // namespace
} // namespace plugboard::test

int main(int argc, char** argv) {
  return plugboard::test::show_promise(argc, argv, "C1", [](plugboard::test::Showing& showing) {
    plugboard::test::show(showing);
    return std::to_string(showing.counted("tokens")) + " tokens, 0 in " + std::to_string(showing.counted("bytes")) +
           " bytes of store and log; " + std::to_string(showing.counted("forks")) + " forks";
  });
}
