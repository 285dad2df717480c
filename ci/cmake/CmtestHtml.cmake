# The parts of report.html: sources of the report module, and the files that are put into it. uPlot,
# which draws its charts, is fetched by ci/setup at the version and hash of package-lock.json.

set(html ${CMAKE_SOURCE_DIR}/runner/report/html)
set(uplot ${html}/node_modules/uplot)
if(NOT EXISTS ${uplot}/dist/uPlot.iife.min.js)
  message(FATAL_ERROR "report.html needs uPlot, which is not in ${uplot}: run ci/setup, or `npm ci` in ${html}")
endif()

file(GLOB sources CONFIGURE_DEPENDS ${html}/*.c)
target_sources(cmtest_report PRIVATE ${sources})
foreach(part app charts core endpoint ladder table)
  cmtest_embed(report ${html}/${part}.js html_${part}_js)
endforeach()
cmtest_embed(report ${html}/app.css html_app_css)
cmtest_embed(report ${html}/index.css html_index_css)
cmtest_embed(report ${uplot}/dist/uPlot.iife.min.js html_uplot_js)
cmtest_embed(report ${uplot}/dist/uPlot.min.css html_uplot_css)
cmtest_embed(report ${uplot}/LICENSE html_uplot_license)
