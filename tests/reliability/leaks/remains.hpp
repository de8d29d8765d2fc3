// Where a hub's processes leave something: which they are, what the system says of them, and files. [one thread]
#pragma once

#include <sys/types.h>

#include <map>
#include <string>
#include <vector>

namespace plugboard::test {

std::vector<pid_t> family_of(pid_t process);                // its children, theirs, and so on; itself first
std::string read_whole(const std::string& path);            // also files of /proc, which have no size
std::map<std::string, std::string> words_of(pid_t process); // its cmdline and environ, by their paths
std::map<std::string, std::string> files_in(const std::string& folder);
std::vector<std::string> core_files(const std::string& folder);

} // namespace plugboard::test
