# Two Debian packages, made by `cpack` in a build folder: plugboard, the hub with its plugins; libplugboard-dev, what a
# connector is written with.
set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_VENDOR Plugboard)
set(CPACK_PACKAGE_CONTACT "Plugboard <plugboard@localhost>")
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_COMPONENTS_ALL hub sdk)
set(CPACK_STRIP_FILES ON)
set(CPACK_RESOURCE_FILE_LICENSE ${PROJECT_SOURCE_DIR}/LICENSE)

set(CPACK_DEB_COMPONENT_INSTALL ON)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_COMPRESSION_TYPE xz)
set(CPACK_DEBIAN_PACKAGE_CONTROL_STRICT_PERMISSION ON)

set(CPACK_DEBIAN_HUB_PACKAGE_NAME plugboard)
set(CPACK_DEBIAN_HUB_PACKAGE_SECTION net)
set(CPACK_DEBIAN_HUB_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_HUB_PACKAGE_DEPENDS "ca-certificates, tzdata")
set(CPACK_COMPONENT_HUB_DESCRIPTION "one customer, one proof, one context for every agent channel
 The hub plugboardd, its command line plugboard, the worker that keeps each
 connector in a sandbox, and the plugins jwt, oidc, otp, rest and sql.")

set(CPACK_DEBIAN_SDK_PACKAGE_NAME libplugboard-dev)
set(CPACK_DEBIAN_SDK_PACKAGE_SECTION libdevel)
set(CPACK_DEBIAN_SDK_PACKAGE_DEPENDS "plugboard (= ${PROJECT_VERSION})")
set(CPACK_DEBIAN_SDK_PACKAGE_RECOMMENDS "cmake, g++, ninja-build | make, libgtest-dev")
set(CPACK_COMPONENT_SDK_DESCRIPTION "development files for Plugboard's connectors
 The plugin ABI in C, a C++ wrapper over it, a kit for tests without a hub, the
 published shapes, and CMake functions that build a plugin.")

install(FILES ${PROJECT_SOURCE_DIR}/LICENSE DESTINATION share/doc/plugboard RENAME copyright COMPONENT hub)
install(FILES ${PROJECT_SOURCE_DIR}/LICENSE DESTINATION share/doc/libplugboard-dev RENAME copyright COMPONENT sdk)
include(CPack)
