#include "tests/unit/http/field_reader.hpp"

#include <nghttp2/nghttp2.h>

namespace plugboard::http {

FieldReader::FieldReader() {
  nghttp2_hd_inflate_new(&inflater_);
}

FieldReader::~FieldReader() {
  nghttp2_hd_inflate_del(inflater_);
}

Fields FieldReader::read(std::string_view block) {
  Fields fields;
  for (;;) {
    nghttp2_nv field{};
    int flags = 0;
    const auto taken = nghttp2_hd_inflate_hd2(inflater_, &field, &flags,
                                              reinterpret_cast<const std::uint8_t*>(block.data()), block.size(), 1);
    if (taken < 0) return {{"invalid", "HPACK"}};
    block.remove_prefix(static_cast<std::size_t>(taken));
    const auto text = [](const std::uint8_t* bytes, std::size_t size) {
      return std::string(reinterpret_cast<const char*>(bytes), size);
    };
    if ((flags & NGHTTP2_HD_INFLATE_EMIT) != 0)
      fields.emplace_back(text(field.name, field.namelen), text(field.value, field.valuelen));
    if ((flags & NGHTTP2_HD_INFLATE_FINAL) == 0) continue;
    nghttp2_hd_inflate_end_headers(inflater_);
    return fields;
  }
}

std::string field(const Fields& fields, const std::string& name) {
  for (const auto& [key, value] : fields)
    if (key == name) return value;
  return "";
}

} // namespace plugboard::http
