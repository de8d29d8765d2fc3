#include "core/wire/services.hpp"

#include <bit>

namespace plugboard::wire {

void write(std::string& out, const AlarmSet& message) {
  FrameWriter frame(out, Type::alarm);
  frame.u64(message.alarm);
  frame.u64(message.call);
  frame.i64(message.after_ns);
}

std::optional<AlarmSet> read_alarm_set(std::string_view body) {
  FieldReader fields(body);
  AlarmSet set;
  set.alarm = fields.u64();
  set.call = fields.u64();
  set.after_ns = fields.i64();
  return whole(fields, std::move(set));
}

void write(std::string& out, const AlarmOver& message) {
  FrameWriter frame(out, Type::alarm_over);
  frame.u64(message.alarm);
  frame.i32(message.outcome);
}

std::optional<AlarmOver> read_alarm_over(std::string_view body) {
  FieldReader fields(body);
  AlarmOver over;
  over.alarm = fields.u64();
  over.outcome = fields.i32();
  return whole(fields, std::move(over));
}

void write(std::string& out, const Measured& message) {
  FrameWriter frame(out, Type::measured);
  frame.u32(message.refused);
  frame.u32(static_cast<std::uint32_t>(message.measures.size()));
  for (const Measure& one : message.measures) {
    frame.u32(one.metric);
    frame.u32(one.series);
    frame.u64(std::bit_cast<std::uint64_t>(one.value));
  }
}

std::optional<Measured> read_measured(std::string_view body) {
  FieldReader fields(body);
  Measured measured;
  measured.refused = fields.u32();
  for (std::uint32_t left = fields.count(kMostMeasures, 16); left > 0; --left) {
    Measure& one = measured.measures.emplace_back();
    one.metric = fields.u32();
    one.series = fields.u32();
    one.value = std::bit_cast<double>(fields.u64());
  }
  return whole(fields, std::move(measured));
}

} // namespace plugboard::wire
