package org.netdissect.table;

import java.io.Closeable;
import java.io.IOException;
import java.io.Reader;
import org.jspecify.annotations.Nullable;

/** Lines as {@link java.io.BufferedReader#readLine} gives them, each cut at a bounded length. */
final class BoundedLines implements Closeable {
    /** Greatest number of characters kept of a line: five thousand times the length of rows in real probe sets. */
    static final int LONGEST = 1 << 20;

    private final Reader reader;
    private final char[] buffer = new char[1 << 16];
    private int at;
    private int end;
    private boolean cut;
    private boolean afterReturn;

    BoundedLines(Reader reader) {
        this.reader = reader;
    }

    /** The next line without its line end, or null at the end; a line that is too long is cut. */
    @Nullable
    String next() throws IOException {
        if (!available() || (skipLineFeed() && !available())) {
            return null;
        }
        cut = false;
        StringBuilder line = new StringBuilder();
        while (available()) {
            int start = at;
            while (at < end && buffer[at] != '\n' && buffer[at] != '\r') {
                at++;
            }
            int kept = Math.min(at - start, LONGEST - line.length());
            line.append(buffer, start, kept);
            cut |= kept < at - start;
            if (at < end) {
                afterReturn = buffer[at++] == '\r';
                break;
            }
        }
        return line.toString();
    }

    /** Skips the second half of a CRLF. */
    private boolean skipLineFeed() {
        boolean skipped = afterReturn && buffer[at] == '\n';
        at += skipped ? 1 : 0;
        afterReturn = false;
        return skipped;
    }

    private boolean available() throws IOException {
        while (at == end) {
            int read = reader.read(buffer);
            if (read < 0) {
                return false;
            }
            at = 0;
            end = read;
        }
        return true;
    }

    /** Whether the last line was too long. */
    boolean cut() {
        return cut;
    }

    @Override
    public void close() throws IOException {
        reader.close();
    }
}
