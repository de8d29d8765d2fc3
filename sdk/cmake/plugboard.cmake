# plugboard_add_plugin(NAME SOURCES file… [LIBRARIES target…])
#
# Builds the plugin NAME from its sources (C++ or C), manifest.json and config.schema.json, which lie beside the calling
# CMakeLists.txt. The target is plugin_NAME; the file is ${CMAKE_BINARY_DIR}/plugins/NAME/VERSION/NAME.so, which is what
# a hub's plugins_dir looks like. It exports one symbol and carries its manifest in an ELF note. A "min_host_minor" there
# is what the table of a C++ plugin says, too; one in C writes PLUGBOARD_PLUGIN_MIN_HOST_MINOR into its own.
#
# plugboard_plugin_options(TARGET): the same compile flags for a library that plugins are built from.

set(PLUGBOARD_CMAKE_DIR ${CMAKE_CURRENT_LIST_DIR})
if(NOT PLUGBOARD_INCLUDE_DIR)
  get_filename_component(PLUGBOARD_INCLUDE_DIR ${CMAKE_CURRENT_LIST_DIR}/../include ABSOLUTE)
endif()

function(plugboard_plugin_options target)
  set_target_properties(${target} PROPERTIES C_VISIBILITY_PRESET hidden CXX_VISIBILITY_PRESET hidden
                        VISIBILITY_INLINES_HIDDEN ON POSITION_INDEPENDENT_CODE ON)
  # Unique symbols are shared by all libraries of a process: two plugins would share their statics.
  target_compile_options(${target} PRIVATE $<$<COMPILE_LANG_AND_ID:CXX,GNU>:-fno-gnu-unique>)
  if(CMAKE_CXX_COMPILER_LOADED)
    target_compile_features(${target} PRIVATE cxx_std_20)
  endif()
endfunction()

function(plugboard_add_plugin name)
  cmake_parse_arguments(P "" "" "SOURCES;LIBRARIES" ${ARGN})
  if(P_UNPARSED_ARGUMENTS OR NOT P_SOURCES)
    message(FATAL_ERROR "plugboard_add_plugin(${name}): say SOURCES file… [LIBRARIES target…]; got \"${ARGN}\"")
  endif()
  set(manifest ${CMAKE_CURRENT_SOURCE_DIR}/manifest.json)
  set(schema ${CMAKE_CURRENT_SOURCE_DIR}/config.schema.json)
  plugboard_read_manifest(${name} ${manifest} version)
  plugboard_read_min_host_minor(${manifest} min_host_minor)
  plugboard_write_note(${name} ${manifest} ${schema} note)

  add_library(plugin_${name} MODULE ${P_SOURCES} ${note})
  plugboard_link_plugin(plugin_${name})
  target_compile_definitions(plugin_${name} PRIVATE PLUGBOARD_PLUGIN_NAME="${name}"
                             PLUGBOARD_PLUGIN_VERSION="${version}" PLUGBOARD_PLUGIN_MIN_HOST_MINOR=${min_host_minor})
  target_link_libraries(plugin_${name} PRIVATE ${P_LIBRARIES})
  set_target_properties(plugin_${name} PROPERTIES OUTPUT_NAME ${name}
                        LIBRARY_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/plugins/${name}/${version})
  set_property(GLOBAL APPEND PROPERTY PLUGBOARD_PLUGINS plugin_${name})
endfunction()

# What every plugin's file needs, whatever it is called and wherever it goes.
function(plugboard_link_plugin target)
  plugboard_plugin_options(${target})
  target_include_directories(${target} PRIVATE ${PLUGBOARD_INCLUDE_DIR})
  set_target_properties(${target} PROPERTIES PREFIX "" SUFFIX .so LINK_DEPENDS ${PLUGBOARD_CMAKE_DIR}/plugboard.map)
  target_link_options(${target} PRIVATE -Wl,--build-id=sha1 -Wl,--version-script=${PLUGBOARD_CMAKE_DIR}/plugboard.map)
  if(NOT PLUGBOARD_SANITIZE AND NOT "${CMAKE_CXX_FLAGS}${CMAKE_C_FLAGS}" MATCHES "-fsanitize")
    target_link_options(${target} PRIVATE -Wl,-z,defs) # a sanitizer's functions are the program's
  endif()
endfunction()

function(plugboard_read_manifest name manifest version)
  file(READ ${manifest} text)
  string(JSON said_name ERROR_VARIABLE no_name GET "${text}" name)
  string(JSON said_version ERROR_VARIABLE no_version GET "${text}" version)
  if(no_name OR NOT said_name STREQUAL name)
    message(FATAL_ERROR "${manifest}: \"name\" must be \"${name}\", as plugboard_add_plugin has it (${said_name})")
  endif()
  if(NOT name MATCHES "^[a-z][a-z0-9_]*$" OR name MATCHES "^.................................")
    message(FATAL_ERROR "${manifest}: a name is a small letter, then up to 31 small letters, digits or _: \"${name}\"")
  endif()
  if(no_version OR NOT said_version MATCHES "^[0-9]+\\.[0-9]+\\.[0-9]+(-[0-9A-Za-z.-]+)?$")
    message(FATAL_ERROR "${manifest}: \"version\" must be like \"1.0.0\" (semver.org): \"${said_version}\"")
  endif()
  set(${version} ${said_version} PARENT_SCOPE)
endfunction()

function(plugboard_read_min_host_minor manifest min_host_minor)
  file(READ ${manifest} text)
  string(JSON said_minor ERROR_VARIABLE any_minor GET "${text}" min_host_minor)
  if(any_minor)
    set(said_minor 0)
  elseif(NOT said_minor MATCHES "^(0|[1-9][0-9]?[0-9]?[0-9]?)$")
    message(FATAL_ERROR "${manifest}: \"min_host_minor\" must be the N of the ABI 1.N that a hub must speak: ${said_minor}")
  endif()
  set(${min_host_minor} ${said_minor} PARENT_SCOPE)
endfunction()

# Writes the source that holds the note; runs again when what stands in it changes.
function(plugboard_write_note name manifest schema source)
  set(abi ${PLUGBOARD_INCLUDE_DIR}/plugboard/abi.h)
  set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${manifest} ${schema} ${abi})
  foreach(part manifest schema)
    file(READ ${${part}} ${part}_text)
    string(JSON type ERROR_VARIABLE fault TYPE "${${part}_text}")
    if(NOT type STREQUAL "OBJECT")
      message(FATAL_ERROR "${${part}}: must be a JSON object (${fault})")
    endif()
  endforeach()

  set(bytes ${CMAKE_CURRENT_BINARY_DIR}/${name}.note.json)
  file(WRITE ${bytes}.new "{\"manifest\": ${manifest_text}, \"config_schema\": ${schema_text}}")
  file(COPY_FILE ${bytes}.new ${bytes} ONLY_IF_DIFFERENT)
  set(MANIFEST_FILE ${bytes})
  file(SIZE ${bytes} MANIFEST_SIZE)
  file(SHA256 ${bytes} MANIFEST_HASH)
  file(SHA256 ${abi} ABI_HASH)
  file(STRINGS ${abi} ABI_MINOR REGEX "^#define PLUGBOARD_ABI_MINOR [0-9]+$")
  string(REGEX MATCH "[0-9]+$" ABI_MINOR "${ABI_MINOR}")
  foreach(hash MANIFEST_HASH ABI_HASH)
    string(REGEX REPLACE "(..)" "0x\\1, " ${hash} "${${hash}}")
    string(REGEX REPLACE ", $" "" ${hash} "${${hash}}")
  endforeach()
  if(CMAKE_C_COMPILER_LOADED)
    set(file ${CMAKE_CURRENT_BINARY_DIR}/${name}.note.c)
  else()
    set(file ${CMAKE_CURRENT_BINARY_DIR}/${name}.note.cpp)
  endif()
  configure_file(${PLUGBOARD_CMAKE_DIR}/note.c.in ${file} @ONLY)
  set_source_files_properties(${file} PROPERTIES OBJECT_DEPENDS ${bytes})
  set(${source} ${file} PARENT_SCOPE)
endfunction()
