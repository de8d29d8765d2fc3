// The trials of the suite, each of which breaks few rules at most and says nothing of others. Each runs in a process of
// its own, on a plugin that nobody asked before.
#pragma once

#include "core/conformance/rig.hpp"
#include "core/conformance/rules.hpp"

namespace plugboard::conformance {

void try_loading(const Subject& subject, Findings& findings);
void try_ending(const Subject& subject, Findings& findings);
void try_again_and_again(const Subject& subject, Findings& findings); // a thousand lives

void try_answers(const Subject& subject, Findings& findings);
void try_waiting(const Subject& subject, Findings& findings); // on an upstream that does not answer
void try_stopping(const Subject& subject, Findings& findings);
void try_crowd(const Subject& subject, Findings& findings);
void try_undeclared(const Subject& subject, Findings& findings);
void try_health(const Subject& subject, Findings& findings);
void try_subject(const Subject& subject, Findings& findings); // exported, erased, and erased again

void try_upstream(const Subject& subject, Findings& findings); // that refuses, fails, and talks nonsense

void try_inputs(const Subject& subject, Findings& findings); // some of them lacking, or broken

// False: it does not, although it did; what a trial would have found stays unknown, so that is a finding itself.
bool comes_up(Rig& rig, Findings& findings);

// What was logged and said must hold no secret, credential or payload.
void check_told(Rig& rig, const std::vector<connector::Reply>& answers, const std::vector<std::string>& besides,
                Findings& findings);

} // namespace plugboard::conformance
