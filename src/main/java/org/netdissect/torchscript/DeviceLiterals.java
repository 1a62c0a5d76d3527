package org.netdissect.torchscript;

import java.util.List;
import java.util.Optional;
import org.netdissect.torchscript.syntax.Expr;
import org.netdissect.torchscript.syntax.SourceFile;
import org.netdissect.torchscript.syntax.SourceText;

/**
 * Replaces the devices in code by another one. Tracing writes the device into the code, {@code torch.zeros([1],
 * device=torch.device("cuda:0"))}; the engine moves weights and constants when it loads them.
 */
final class DeviceLiterals {
    private static final String DEVICE = "torch.device";
    private static final String TO_CUDA = "torch.cuda";
    private static final String CPU = "cpu";

    private DeviceLiterals() {}

    /** The source's text with each device replaced by {@code device}: {@code cpu}, {@code cuda:0}. */
    static String moved(SourceText source, String device) {
        boolean names = source.text().contains(DEVICE) || source.text().contains(TO_CUDA);
        return names ? new SourceEdit(expr -> moved(expr, device)).edited(SourceFile.parse(source)) : source.text();
    }

    private static Optional<Expr> moved(Expr expr, String device) {
        if (!(expr instanceof Expr.Call call) || call.args().size() != 1) {
            return Optional.empty();
        }
        String function = call.callee().dotted().orElse("");
        if (function.equals(DEVICE)
                && call.args().get(0).value() instanceof Expr.Str name
                && !name.value().equals(device)) {
            return Optional.of(new Expr.Call(call.callee(), List.of(Expr.Arg.of(Expr.Str.of(device)))));
        } else if (function.equals(TO_CUDA) && device.equals(CPU)) {
            return Optional.of(MethodCopy.torch(CPU, call.args().get(0)));
        }
        return Optional.empty();
    }
}
