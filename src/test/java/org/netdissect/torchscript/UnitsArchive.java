package org.netdissect.torchscript;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/**
 * Writes a network with one layer, {@code units}, of any number of units: waves of the image's mean colours over fields
 * of 16 x 16 pixels. Its forward pass takes almost no time, so that a run measures thresholds, cache and alignment.
 * Used by scripts/growth-units.sh; arguments: units, folder of units.pt.
 */
final class UnitsArchive {
    private UnitsArchive() {}

    public static void main(String[] args) throws IOException {
        String code = """
                class Net(Module):
                  __parameters__ = []
                  __buffers__ = []
                  units : __torch__.Units
                  def forward(self: __torch__.Net, x: Tensor) -> Tensor:
                    return (self.units).forward(x, )
                class Units(Module):
                  __parameters__ = []
                  __buffers__ = []
                  def forward(self: __torch__.Units, x: Tensor) -> Tensor:
                    p = torch.avg_pool2d(x, [16, 16])
                    k = torch.reshape(torch.arange(%d, dtype=6), [1, -1, 1, 1])
                    r = torch.mul(torch.slice(p, 1, 0, 1), torch.add(torch.mul(k, 0.37), 1.))
                    g = torch.mul(torch.slice(p, 1, 1, 2), torch.add(torch.mul(k, 0.11), 2.))
                    return torch.add(torch.sin(r), torch.sin(g))
                """.formatted(Integer.parseInt(args[0]));
        Path folder = Path.of(args[1]);
        Path written = new TinyArchive().code(code).runnable("units", "Units").writeTo(folder);
        Files.move(written, folder.resolve("units.pt"), StandardCopyOption.REPLACE_EXISTING);
    }
}
