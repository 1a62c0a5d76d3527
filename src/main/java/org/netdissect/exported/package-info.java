/**
 * Networks in archives of {@code torch.export} ({@code .pt2}), whose graphs become modules of TorchScript. Start with
 * {@link org.netdissect.exported.ExportedProgram}.
 */
@NullMarked
package org.netdissect.exported;

import org.jspecify.annotations.NullMarked;
