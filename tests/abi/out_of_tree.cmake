# An author's day: installs the SDK, builds SOURCE against it with find_package, and looks at what came out.
# cmake -DBUILD=… -DSOURCE=… -DWORK=… -DSDK=… -DCHECK=check_plugin.py -DPYTHON=… -DC=… [-DCXX=…] -P out_of_tree.cmake
file(REMOVE_RECURSE ${WORK})
set(prefix ${WORK}/installed)
set(run COMMAND_ERROR_IS_FATAL ANY)
execute_process(COMMAND ${CMAKE_COMMAND} --install ${BUILD} --component sdk --prefix ${prefix} ${run} OUTPUT_QUIET)
set(compilers -DCMAKE_C_COMPILER=${C})
if(CXX)
  list(APPEND compilers -DCMAKE_CXX_COMPILER=${CXX})
endif()
execute_process(COMMAND ${CMAKE_COMMAND} -G Ninja -S ${SOURCE} -B ${WORK}/build -DCMAKE_PREFIX_PATH=${prefix} ${compilers}
                        -DCMAKE_BUILD_TYPE=Release -DCMAKE_C_FLAGS=-Wall\ -Wextra\ -Werror
                        -DCMAKE_CXX_FLAGS=-Wall\ -Wextra\ -Werror ${run} OUTPUT_QUIET)
execute_process(COMMAND ${CMAKE_COMMAND} --build ${WORK}/build ${run} OUTPUT_QUIET)
execute_process(COMMAND ${CMAKE_CTEST_COMMAND} --test-dir ${WORK}/build --output-on-failure ${run})
file(GLOB built ${WORK}/build/plugins/*/*/*.so)
list(LENGTH built count)
if(NOT count EQUAL 1)
  message(FATAL_ERROR "expected one plugin below ${WORK}/build/plugins, found: ${built}")
endif()
execute_process(COMMAND ${PYTHON} ${CHECK} ${built} --sdk ${SDK} --source ${SOURCE} ${run})
