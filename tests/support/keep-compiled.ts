/*
 * Writes down what this process has compiled so far, for those that start after it: most servers of tests are killed, and
 * only one that ends by itself would.
 */
import { flushCompileCache } from "node:module";

setTimeout(flushCompileCache, 2_000).unref();
