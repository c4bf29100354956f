/**
 * Every pure test in one isolate, because starting one a file takes longer than the tests. Written by
 * `deno task docs`; a test of the house notices when one is forgotten.
 *
 * @module
 */
import "./collector/address_test.ts";
import "./collector/block_test.ts";
import "./collector/decode_test.ts";
import "./collector/frames_test.ts";
import "./fresh/app_test.tsx";
import "./fresh/pages_test.tsx";
import "./house/plugin_test.ts";
import "./lib/config_test.ts";
import "./lib/domain/boundary_test.ts";
import "./lib/domain/counter_history_test.ts";
import "./lib/domain/counter_test.ts";
import "./lib/domain/half_hour_test.ts";
import "./lib/domain/hours_test.ts";
import "./lib/domain/load_shape_test.ts";
import "./lib/domain/local_day_test.ts";
import "./lib/domain/overview_test.ts";
import "./lib/domain/packing_test.ts";
import "./lib/domain/quality_test.ts";
import "./lib/domain/reading_test.ts";
import "./lib/domain/schedule_test.ts";
import "./lib/domain/step_test.ts";
import "./lib/domain/transformer_test.ts";
import "./lib/domain/units_test.ts";
import "./lib/domain/usage_test.ts";
import "./lib/domain/wiring_test.ts";
import "./lib/domain/words_test.ts";
import "./lib/health/checks_test.ts";
import "./lib/health/prometheus_test.ts";
import "./lib/health/verdict_test.ts";
import "./lib/log_test.ts";
import "./lib/profiles/mod_test.ts";
import "./lib/simulator/estate_test.ts";
import "./lib/simulator/load_test.ts";
import "./lib/simulator/meter_test.ts";
import "./lib/ui/charts/drawings_test.tsx";
import "./lib/ui/charts/half_hours_test.ts";
import "./lib/ui/charts/heat_test.ts";
import "./lib/ui/charts/labels_test.ts";
import "./lib/ui/charts/load_stack_test.ts";
import "./lib/ui/charts/map_scale_test.ts";
import "./lib/ui/charts/paths_test.ts";
import "./lib/ui/charts/scale_test.ts";
import "./lib/ui/charts/words_test.ts";
import "./lib/web/cookie_test.ts";
import "./lib/web/csrf_test.ts";
import "./lib/web/events_test.ts";
import "./lib/web/form_test.ts";
import "./lib/web/headers_test.ts";
import "./lib/web/redirect_test.ts";
import "./ops/lib/simulate_arguments_test.ts";
import "./ops/lib/test_summary_test.ts";
