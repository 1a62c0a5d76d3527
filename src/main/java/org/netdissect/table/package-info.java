/**
 * Tables read and written: CSV with row numbers in messages, text and Markdown. Start with {@link
 * org.netdissect.table.CsvTable}.
 */
@NullMarked
package org.netdissect.table;

import org.jspecify.annotations.NullMarked;
