using System.Runtime.CompilerServices;
using DasAudit.Cli.CommandLine;
using DasAudit.Cli.Native;
using DasAudit.Clip;
using DasAudit.Core.Platforms;
using SkiaSharp;
using TorchSharp;

namespace DasAudit.Cli.Commands.Doctor;

/// <summary>Whether native libraries load and work.</summary>
internal sealed class LibraryChecks(TorchRuntime torchRuntime, NativeLibraries libraries, Platform platform)
{
    /// <summary>Whether libtorch loads, and has the device.</summary>
    public CheckResult LibTorch(Invocation invocation)
    {
        var session = torchRuntime.Start(invocation.Device, invocation.Threads);
        var loaded = session.LibTorch;
        var place = loaded.Folder is { } folder
            ? $", from '{invocation.Surroundings.Show(folder)}' ({Native.LibTorch.Variable})"
            : "";
        return CheckResult.Ok(
            $"libtorch {loaded.Version} {(loaded.HasCuda ? "with" : "without")} CUDA "
                + $"on {session.Environment.Device}{place}"
        );
    }

    /// <summary>Whether libtorch computes, gradients included.</summary>
    public CheckResult Tensors(Invocation invocation)
    {
        TorchSession session;
        try
        {
            // Never touch torch where its libraries do not load.
            session = torchRuntime.Start(invocation.Device, invocation.Threads);
        }
        catch (AuditException)
        {
            return CheckResult.Fail("not tried, because libtorch does not start");
        }
        var gradient = GradientOfCubeAtTwo(session.Device);
        return gradient == 12f
            ? CheckResult.Ok("a gradient comes out right")
            : CheckResult.Fail($"the gradient of x³ at 2 comes out as {gradient}, not 12", "install das-audit again");
    }

    /// <summary>Whether ONNX Runtime, which runs image encoders, loads.</summary>
    public CheckResult OnnxRuntime(Invocation invocation)
    {
        libraries.Load(platform.Files.OnnxRuntime);
        return CheckResult.Ok(OnnxRuntimeLibrary.Description);
    }

    /// <summary>Whether pictures can be written and read.</summary>
    public CheckResult Pictures(Invocation invocation)
    {
        libraries.Load(platform.Files.Skia);
        var formats = new[] { SKEncodedImageFormat.Png, SKEncodedImageFormat.Jpeg, SKEncodedImageFormat.Webp };
        var failed = formats.Where(format => !ComesBack(format)).ToList();
        return failed.Count == 0
            ? CheckResult.Ok("PNG, JPEG and WebP are written and read")
            : CheckResult.Fail(
                $"{string.Join(", ", failed)} does not come back as it was written",
                "install das-audit again"
            );
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static float GradientOfCubeAtTwo(torch.Device device)
    {
        using var scope = torch.NewDisposeScope();
        var x = torch.tensor(2f, device: device, requires_grad: true);
        (x * x * x).backward();
        return x.grad!.item<float>();
    }

    private static bool ComesBack(SKEncodedImageFormat format)
    {
        var colour = new SKColor(200, 100, 50);
        using var picture = new SKBitmap(2, 2, SKColorType.Rgba8888, SKAlphaType.Opaque);
        picture.Erase(colour);
        using var file = picture.Encode(format, 95);
        using var decoded = file is null ? null : SKBitmap.Decode(file);
        if (decoded is not { Width: 2, Height: 2 })
            return false;
        var pixel = decoded.GetPixel(1, 1);
        return IsNear(pixel.Red, colour.Red) && IsNear(pixel.Green, colour.Green) && IsNear(pixel.Blue, colour.Blue);
    }

    // JPEG and WebP lose a little.
    private static bool IsNear(int value, int expected) => Math.Abs(value - expected) <= 8;
}
