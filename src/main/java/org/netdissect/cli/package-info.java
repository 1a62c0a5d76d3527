/**
 * The command line: one class per subcommand, which turns options into a settings record and calls the pipeline. The
 * only package that imports picocli. Start with {@link org.netdissect.cli.Main}.
 */
@NullMarked
package org.netdissect.cli;

import org.jspecify.annotations.NullMarked;
