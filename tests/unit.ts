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
import "./lib/domain/counter_history_test.ts";
import "./lib/domain/counter_test.ts";
import "./lib/domain/hours_test.ts";
import "./lib/domain/load_shape_test.ts";
import "./lib/domain/local_day_test.ts";
import "./lib/domain/packing_test.ts";
import "./lib/domain/quality_test.ts";
import "./lib/domain/schedule_test.ts";
import "./lib/domain/step_test.ts";
import "./lib/domain/transformer_test.ts";
import "./lib/domain/units_test.ts";
import "./lib/health/prometheus_test.ts";
import "./lib/health/verdict_test.ts";
import "./lib/log_test.ts";
import "./lib/profiles/mod_test.ts";
import "./lib/web/cookie_test.ts";
import "./lib/web/csrf_test.ts";
import "./lib/web/events_test.ts";
import "./lib/web/form_test.ts";
import "./lib/web/headers_test.ts";
import "./lib/web/redirect_test.ts";
import "./ops/lib/test_summary_test.ts";
