// Requests that may never reach a handler, each with the status that answers it. Used on the bare reader and through a
// real socket.
#pragma once

#include <string>
#include <vector>

namespace plugboard::http {

struct BadRequest {
  std::string name;
  std::string bytes; // a canary may be appended
  int status;
};

inline std::vector<BadRequest> bad_requests() {
  const std::string host = "Host: h\r\n";
  const auto with = [&](const std::string& fields) { return "POST /x HTTP/1.1\r\n" + host + fields + "\r\n"; };
  const auto line = [&](const std::string& first) { return first + "\r\n" + host + "\r\n"; };
  const std::string nul("\0", 1);
  std::string many;
  for (int i = 0; i < 101; ++i) many += "X-" + std::to_string(i) + ": 1\r\n";
  std::string many_extensions; // none of them long
  for (int i = 0; i < 100; ++i) many_extensions += "1;" + std::string(99, 'e') + "\r\nx\r\n";
  return {
      // what Beast 1.81 lets through
      {"ForeignCoding", with("Transfer-Encoding: xchunked\r\n"), 501},
      {"ChunkedThenIdentity", with("Transfer-Encoding: chunked, identity\r\n"), 400},
      {"ChunkedOn10", "POST /x HTTP/1.0\r\n" + host + "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400},
      {"FoldedField", with("X-A: 1\r\n two\r\n"), 400},
      {"FoldedFieldTab", with("X-A: 1\r\n\ttwo\r\n"), 400},
      {"FoldedFirstField", "GET /x HTTP/1.1\r\n Host: h\r\n\r\n", 400},
      {"NoHost", "GET /x HTTP/1.1\r\nX-A: 1\r\n\r\n", 400},
      {"NoFields", "GET /x HTTP/1.1\r\n\r\n", 400},
      {"TwoHosts", with("Host: h\r\n"), 400},
      {"ListLength", with("Content-Length: 5, 5\r\n") + "hello", 400},
      {"HighByteInTarget", line("GET /caf\xc3\xa9 HTTP/1.1"), 400},
      // lengths
      {"BothFramings", with("Content-Length: 5\r\nTransfer-Encoding: chunked\r\n") + "0\r\n\r\n", 400},
      {"BothFramingsOtherWay", with("Transfer-Encoding: chunked\r\nContent-Length: 5\r\n") + "0\r\n\r\n", 400},
      {"TwoLengths", with("Content-Length: 5\r\nContent-Length: 6\r\n") + "hello", 400},
      {"SameLengthTwice", with("Content-Length: 5\r\nContent-Length: 5\r\n") + "hello", 400},
      {"SignedLength", with("Content-Length: +5\r\n") + "hello", 400},
      {"NegativeLength", with("Content-Length: -1\r\n"), 400},
      {"HexLength", with("Content-Length: 0x5\r\n") + "hello", 400},
      {"EmptyLength", with("Content-Length:\r\n"), 400},
      {"SpacedLength", with("Content-Length: 1 0\r\n"), 400},
      {"HugeLength", with("Content-Length: 18446744073709551616\r\n"), 400},
      {"OverlongLength", with("Content-Length: 99999999999999999999999999999\r\n"), 400},
      {"TooLargeLength", with("Content-Length: 1000000\r\n"), 413},
      // codings
      {"Gzip", with("Transfer-Encoding: gzip, chunked\r\n"), 501},
      {"Identity", with("Transfer-Encoding: identity\r\n"), 501},
      {"ChunkedTwice", with("Transfer-Encoding: chunked, chunked\r\n"), 400},
      {"ChunkedTwiceInTwo", with("Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n"), 400},
      {"IdentityAfterChunked", with("Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n"), 400},
      {"EmptyCoding", with("Transfer-Encoding:\r\n"), 400},
      {"EmptyElement", with("Transfer-Encoding: chunked,\r\n"), 400},
      {"CodingWithParameter", with("Transfer-Encoding: chunked;a=1\r\n"), 501},
      {"VerticalTabInCoding",
       with("Transfer-Encoding: \x0b"
            "chunked\r\n"),
       400},
      {"QuotedCoding", with("Transfer-Encoding: \"chunked\"\r\n"), 501},
      // names and values
      {"SpaceBeforeColon", with("Content-Length : 5\r\n") + "hello", 400},
      {"TabBeforeColon", with("Transfer-Encoding\t: chunked\r\n"), 400},
      {"NoColon", with("Content-Length 5\r\n"), 400},
      {"EmptyName", with(": 5\r\n"), 400},
      {"NameWithParenthesis", with("X(a): 5\r\n"), 400},
      {"HighByteInName", with("X\xc3\xa9: 5\r\n"), 400},
      {"NulInValue", with("X-A: a" + nul + "b\r\n"), 400},
      {"NulInName", with("X" + nul + "A: b\r\n"), 400},
      {"DeleteInValue",
       with("X-A: a\x7f"
            "b\r\n"),
       400},
      {"TooManyFields", with(many), 431},
      {"BadConnection", with("Connection: clo se\r\n"), 400},
      {"ForeignExpectation", with("Expect: a-miracle\r\n"), 417},
      // line ends
      {"BareLfAfterFirstLine", "GET /x HTTP/1.1\nHost: h\r\n\r\n", 400},
      {"BareLfAfterField", "GET /x HTTP/1.1\r\nHost: h\nX-A: 1\r\n\r\n", 400},
      {"BareLfAtEnd", "GET /x HTTP/1.1\r\nHost: h\r\n\n", 400},
      {"OnlyBareLf", "GET /x HTTP/1.1\nHost: h\n\n", 400},
      {"BareCr", "GET /x HTTP/1.1\r\nHost: h\rX-A: 1\r\n\r\n", 400},
      {"CrInValue", with("X-A: a\rb\r\n"), 400},
      {"DoubleCr", "GET /x HTTP/1.1\r\r\nHost: h\r\n\r\n", 400},
      {"CrBeforeRequest", "\rGET /x HTTP/1.1\r\nHost: h\r\n\r\n", 400},
      {"TwoEmptyLinesBefore", "\r\n\r\n" + line("GET /x HTTP/1.1"), 400},
      // first lines
      {"NoVersion", line("GET /x"), 400},
      {"Http09", "GET /x\r\n\r\n", 400},
      {"Http2", line("GET /x HTTP/2.0"), 505},
      {"Http2Preface", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 505},
      {"Http12", line("GET /x HTTP/1.2"), 505},
      {"Http111", line("GET /x HTTP/1.11"), 400},
      {"LowerCaseVersion", line("GET /x http/1.1"), 400},
      {"TwoSpaces", line("GET  /x HTTP/1.1"), 400},
      {"TwoSpacesBeforeVersion", line("GET /x  HTTP/1.1"), 400},
      {"TabInsteadOfSpace", line("GET\t/x HTTP/1.1"), 400},
      {"LeadingSpace", line(" GET /x HTTP/1.1"), 400},
      {"TrailingSpace", line("GET /x HTTP/1.1 "), 400},
      {"SpaceInTarget", line("GET /x y HTTP/1.1"), 400},
      {"MethodNoToken", line("G(T /x HTTP/1.1"), 400},
      {"NoMethod", line("/x HTTP/1.1"), 400},
      {"AbsoluteForm", line("GET http://h/x HTTP/1.1"), 400},
      {"AuthorityForm", line("CONNECT h:443 HTTP/1.1"), 400},
      {"AsteriskForm", line("OPTIONS * HTTP/1.1"), 400},
      {"Fragment", line("GET /x#y HTTP/1.1"), 400},
      {"Backslash", line("GET /x\\..\\y HTTP/1.1"), 400},
      {"HalfPercent", line("GET /x%4 HTTP/1.1"), 400},
      {"WrongPercent", line("GET /x%zz HTTP/1.1"), 400},
      {"QuoteInTarget", line("GET /x\" HTTP/1.1"), 400},
      {"NulInTarget", line("GET /x" + nul + " HTTP/1.1"), 400},
      {"TlsHello", "\x16\x03\x01\x02" + nul + "\x01", 400},
      // hosts
      {"EmptyHost", "GET /x HTTP/1.1\r\nHost:\r\n\r\n", 400},
      {"HostWithPath", "GET /x HTTP/1.1\r\nHost: h/y\r\n\r\n", 400},
      {"HostWithUser", "GET /x HTTP/1.1\r\nHost: u@h\r\n\r\n", 400},
      {"HostList", "GET /x HTTP/1.1\r\nHost: a,b\r\n\r\n", 400},
      {"HostWithSpace", "GET /x HTTP/1.1\r\nHost: a b\r\n\r\n", 400},
      {"HostBadPort", "GET /x HTTP/1.1\r\nHost: h:80x\r\n\r\n", 400},
      {"HostOpenBracket", "GET /x HTTP/1.1\r\nHost: [::1\r\n\r\n", 400},
      {"TwoHostsOn10", "GET /x HTTP/1.0\r\nHost: a\r\nHost: b\r\n\r\n", 400},
      // chunks
      {"ChunkNoSize", with("Transfer-Encoding: chunked\r\n") + "\r\nhello\r\n0\r\n\r\n", 400},
      {"ChunkBadSize", with("Transfer-Encoding: chunked\r\n") + "g\r\nhello\r\n0\r\n\r\n", 400},
      {"ChunkHexPrefix", with("Transfer-Encoding: chunked\r\n") + "0x5\r\nhello\r\n0\r\n\r\n", 400},
      {"ChunkSigned", with("Transfer-Encoding: chunked\r\n") + "+5\r\nhello\r\n0\r\n\r\n", 400},
      {"ChunkOverflow", with("Transfer-Encoding: chunked\r\n") + "10000000000000005\r\nhello\r\n0\r\n\r\n", 400},
      {"ChunkTooLarge", with("Transfer-Encoding: chunked\r\n") + "fffffff\r\nhello", 413},
      {"ChunkBareLf", with("Transfer-Encoding: chunked\r\n") + "5\nhello\n0\n\n", 400},
      {"ChunkDataTooLong", with("Transfer-Encoding: chunked\r\n") + "5\r\nhelloX\r\n0\r\n\r\n", 400},
      {"ChunkDataNoEnd", with("Transfer-Encoding: chunked\r\n") + "5\r\nhello0\r\n\r\n", 400},
      {"ChunkExtensionLf", with("Transfer-Encoding: chunked\r\n") + "5;a\nb\r\nhello\r\n0\r\n\r\n", 400},
      {"ChunkExtensionLong",
       with("Transfer-Encoding: chunked\r\n") + "5;a=" + std::string(300, 'a') + "\r\nhello\r\n0\r\n\r\n", 400},
      {"ChunkExtensionEndless", with("Transfer-Encoding: chunked\r\n") + "5;a=" + std::string(65536, 'a'), 400},
      {"ChunkExtensionsEndless", with("Transfer-Encoding: chunked\r\n") + many_extensions, 400},
      {"TrailerFolded", with("Transfer-Encoding: chunked\r\n") + "0\r\nX-A: 1\r\n two\r\n\r\n", 400},
      {"TrailerLength", with("Transfer-Encoding: chunked\r\n") + "0\r\nContent-Length: 5\r\n\r\n", 400},
      {"TrailerNoColon", with("Transfer-Encoding: chunked\r\n") + "0\r\nGET / HTTP/1.1\r\n\r\n", 400},
      // size
      {"HeadTooLarge", with("X-A: " + std::string(20'000, 'a') + "\r\n"), 431},
      {"TargetTooLarge", line("GET /" + std::string(20'000, 'a') + " HTTP/1.1"), 431},
  };
}

} // namespace plugboard::http
