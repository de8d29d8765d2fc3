#include "core/audit/chain.hpp"

namespace plugboard::audit {

void append_record(std::string& out, ChainEnd& end, std::string_view time, std::string_view kind,
                   std::string_view members) {
  const auto begin = out.size();
  out += "{\"seq\":";
  out += std::to_string(end.seq + 1);
  out += ",\"prev\":\"";
  out += hex(end.hash);
  out += "\",\"time\":\"";
  out += time;
  out += "\",\"kind\":\"";
  out += kind;
  out += '"';
  out += members;
  out += '}';
  end.hash = sha256(std::string_view(out).substr(begin));
  ++end.seq;
  out += '\n';
}

} // namespace plugboard::audit
