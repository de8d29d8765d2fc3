// Of a worker on its own, at every level: all walls, each wall alone, all walls but one. As root, and as an ordinary
// user.
#include "tests/reliability/jailbreak/rulebook.hpp"
#include "tests/reliability/jailbreak/walk.hpp"

#include <gtest/gtest.h>

#include <unistd.h>

namespace plugboard::jailbreak {
namespace {

using wire::Layer;

constexpr std::size_t kLeastAttempts = 45;

// These walls, and those that they stand on: an ordinary user has the other namespaces only within one of users, and
// threads are counted by user.
LayerSet without_all_but(LayerSet wanted) {
  if (wanted.contains(Layer::landlock) || wanted.contains(Layer::seccomp)) wanted.insert(Layer::no_new_privs);
  if (wanted.contains(Layer::rlimits)) wanted.insert(Layer::user);
  const bool root = ::geteuid() == 0;
  for (const Layer space : {Layer::pid, Layer::network, Layer::ipc, Layer::mount})
    if (!root && wanted.contains(space)) wanted.insert(Layer::user);
  LayerSet without;
  for (const Layer layer : all_layers())
    if (!wanted.contains(layer)) without.insert(layer);
  return without;
}

bool sanitized() {
#ifdef PLUGBOARD_SANITIZED
  return true;
#else
  return false;
#endif
}

class Jailbreak : public ::testing::Test {
 protected:
  const Rulebook rules_ = read_rulebook();
};

class JailbreakLayer : public ::testing::TestWithParam<Layer> {
 protected:
  const Rulebook rules_ = read_rulebook();
};

TEST_F(Jailbreak, TriesEnough) {
  EXPECT_GE(rules_.size(), kLeastAttempts);
}

TEST_F(Jailbreak, GetsThroughNothingAtFullLevel) {
  const Walk full = walk({});
  EXPECT_EQ(faults(rules_, full), "");
  if (sanitized()) GTEST_SKIP() << "the profile for sanitizers has fewer walls";
  EXPECT_EQ(escapes(full), "");
  for (const auto& [attempt, rule] : rules_) {
    bool named = rule.by_nothing;
    for (const Layer layer : rule.refused_by) named = named || full.present.contains(layer);
    EXPECT_TRUE(named) << attempt << " is refused by no layer that stands here: " << names_of(full.present);
  }
}

TEST_F(Jailbreak, GetsThroughNothingWithoutLandlock) {
  if (sanitized()) GTEST_SKIP() << "the profile for sanitizers has fewer walls";
  EXPECT_EQ(escapes(walk({Layer::landlock})), "");
}

TEST_F(Jailbreak, GetsThroughNothingWithoutUserNamespaces) {
  if (sanitized()) GTEST_SKIP() << "the profile for sanitizers has fewer walls";
  EXPECT_EQ(escapes(walk({Layer::user})), "");
}

// Else the others would show nothing.
TEST_F(Jailbreak, GetsThroughMostWhereThereIsNoWall) {
  const Walk none = walk(all_layers());
  EXPECT_EQ(faults(rules_, none), "");
  EXPECT_EQ(names_of(none.present), "");
  std::size_t through = 0;
  for (const auto& [attempt, met] : none.met) through += met == 0 ? 1 : 0;
  EXPECT_GE(through, kLeastAttempts);
}

TEST_P(JailbreakLayer, RefusesAloneWhatItIsFor) {
  const Walk open = walk(all_layers()), alone = walk(without_all_but({GetParam()}));
  EXPECT_EQ(faults(rules_, alone), "");
  for (const auto& [attempt, met] : open.met) { // which this machine itself does not refuse
    const auto rule = rules_.find(attempt);
    if (met != 0 || rule == rules_.end()) continue;
    bool walled = false;
    for (const Layer layer : rule->second.refused_by) walled = walled || alone.present.contains(layer);
    if (walled) continue;
    EXPECT_EQ(alone.met.at(attempt), 0) << attempt << ": walls.txt lacks one of " << names_of(alone.present);
  }
}

TEST_P(JailbreakLayer, IsMissedByNothingThatAnotherRefuses) {
  EXPECT_EQ(faults(rules_, walk({GetParam()})), "");
}

INSTANTIATE_TEST_SUITE_P(Each, JailbreakLayer, ::testing::ValuesIn(all_layers()),
                         [](const auto& layer) { return std::string(wire::name_of(layer.param)); });

} // namespace
} // namespace plugboard::jailbreak
