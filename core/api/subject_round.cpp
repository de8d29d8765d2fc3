#include "core/api/subject_round.hpp"

#include "core/connector/examine.hpp"

#include <boost/asio/post.hpp>

#include <algorithm>
#include <utility>

namespace plugboard::api {
namespace {

using connector::NeedGroup;
using connector::Right;

bool offers(const connector::Connector& connector, Right right) {
  const auto& manifest = connector.settings().plugin.manifest;
  return right == Right::erase ? manifest.erase_subject : manifest.export_subject;
}

// What an operator says of a customer counts as verified: he answers for it.
bool meets(const NeedGroup& group, const std::vector<Identifier>& identifiers) {
  return std::any_of(group.begin(), group.end(), [&](const connector::Need& need) {
    return std::any_of(identifiers.begin(), identifiers.end(), [&](const auto& one) { return one.type == need.type; });
  });
}

std::string words_of(const NeedGroup& group) {
  std::string words;
  for (const auto& need : group) words += (words.empty() ? "" : " or ") + need.type;
  return words;
}

std::string lacking(const std::vector<NeedGroup>& needs, const std::vector<Identifier>& identifiers) {
  std::string words;
  for (const NeedGroup& group : needs)
    if (!meets(group, identifiers)) words += (words.empty() ? "" : ", and ") + words_of(group);
  return words;
}

std::vector<Identifier> needed(const std::vector<NeedGroup>& needs, const std::vector<Identifier>& identifiers) {
  std::vector<Identifier> some;
  for (const Identifier& one : identifiers)
    if (std::any_of(needs.begin(), needs.end(), [&](const NeedGroup& group) {
          return std::any_of(group.begin(), group.end(), [&](const auto& need) { return need.type == one.type; });
        }))
      some.push_back(one);
  return some;
}

class Round final : public std::enable_shared_from_this<Round> {
 public:
  Round(GenerationPtr generation, SubjectAsk ask, connector::Home& home, store::Poster back,
        std::function<void(SubjectParts)> done)
      : generation_(std::move(generation)), ask_(std::move(ask)), home_(home), back_(std::move(back)),
        done_(std::move(done)) {}

  void begin() { // [home]
    const Deadline deadline = Deadline::after(home_.clock.now(), ask_.patience);
    open_ = 1; // this function's own: connectors may answer before it is through
    for (const auto& connector : generation_->connectors)
      if (offers(*connector, ask_.right)) parts_.push_back({connector->settings().name, {}, {}});
    std::size_t index = 0;
    for (const auto& connector : generation_->connectors)
      if (offers(*connector, ask_.right)) ask(*connector, index++, deadline);
    answered();
  }

 private:
  void ask(connector::Connector& connector, std::size_t index, Deadline deadline) {
    const auto& needs = connector.settings().subject_needs;
    parts_[index].lacks = lacking(needs, ask_.identifiers);
    if (!parts_[index].lacks.empty()) return;
    ++open_;
    connector.subject({ask_.right, ask_.tenant, ask_.reason, ask_.by, ask_.id, needed(needs, ask_.identifiers)},
                      deadline, home_, [self = shared_from_this(), index](connector::Subject answer) {
                        self->parts_[index].answer = std::move(answer);
                        self->answered();
                      });
  }

  void answered() {
    if (--open_ > 0) return;
    back_([self = shared_from_this()] { self->done_(std::move(self->parts_)); });
  }

  const GenerationPtr generation_;
  const SubjectAsk ask_;
  connector::Home& home_;
  const store::Poster back_;
  const std::function<void(SubjectParts)> done_;
  SubjectParts parts_;
  std::size_t open_ = 0;
};

void write_answer(json::Writer& writer, const connector::SubjectAnswer& answer, Right right) {
  writer.member("status", "ok");
  if (right == Right::export_data) {
    writer.key("data").raw(answer.data);
    return;
  }
  writer.member("erased", answer.erased).key("kept").begin_array();
  for (const auto& one : answer.kept)
    writer.begin_object().member("what", one.what).member("why", one.why).end_object();
  writer.end_array();
}

void write_failure(json::Writer& writer, const connector::Outcome& outcome) {
  writer.member("status", name_of(outcome.status));
  if (outcome.reason != connector::Reason::none) writer.member("reason", name_of(outcome.reason));
  writer.member("title", title_of(outcome.status, outcome.reason));
  if (!outcome.detail.empty()) writer.member("detail", outcome.detail);
}

void write_part(json::Writer& writer, const SubjectPart& part, Right right) {
  writer.begin_object().member("connector", part.connector);
  if (!part.answer)
    write_failure(writer, connector::failed(connector::Status::skipped, connector::Reason::identifier_unknown,
                                            "it is asked with " + part.lacks));
  else if (*part.answer)
    write_answer(writer, **part.answer, right);
  else
    write_failure(writer, part.answer->error().outcome);
  writer.end_object();
}

} // namespace

void ask_all(const GenerationPtr& generation, SubjectAsk ask, connector::Home& home, store::Poster back,
             std::function<void(SubjectParts)> done) {
  auto round = std::make_shared<Round>(generation, std::move(ask), home, std::move(back), std::move(done));
  boost::asio::post(home.io, [round] { round->begin(); });
}

bool is_settled(const SubjectPart& part) {
  if (!part.answer) return false;
  return *part.answer || part.answer->error().outcome.status == connector::Status::not_found;
}

void write_parts(json::Writer& writer, const SubjectParts& parts, Right right) {
  writer.member("complete", std::all_of(parts.begin(), parts.end(), is_settled));
  writer.key("connectors").begin_array();
  for (const SubjectPart& part : parts) write_part(writer, part, right);
  writer.end_array();
}

} // namespace plugboard::api
