package org.netdissect.report;

import gg.jte.ContentType;
import gg.jte.TemplateEngine;
import gg.jte.output.Utf8ByteOutput;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.netdissect.base.SafeFiles;

/**
 * A writer of pages from the templates in {@code src/main/jte}, which the build compiles to classes of this package.
 * All values are escaped, so that no label's name becomes markup.
 */
final class Pages {
    private static final TemplateEngine ENGINE = TemplateEngine.createPrecompiled(
            null, ContentType.Html, Pages.class.getClassLoader(), Pages.class.getPackageName());

    private Pages() {}

    /** Writes a whole file or none. The model has the template's parameters by name. */
    static void write(Path file, String template, Map<String, Object> model) throws IOException {
        Utf8ByteOutput page = new Utf8ByteOutput();
        ENGINE.render(template, model, page);
        // in one piece, since each of the template's thousands of pieces would be a write
        byte[] bytes = page.toByteArray();
        SafeFiles.write(file, out -> out.write(bytes));
    }
}
