using System.Globalization;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using DasAudit.Cli.Settings;
using DasAudit.Core.Platforms;
using DasAudit.Core.Reports;
using DasAudit.Core.Torch;
using TorchSharp;

namespace DasAudit.Cli.Native;

/// <summary>Starts libtorch. A command that computes calls this before anything touches <see cref="torch"/>.</summary>
internal sealed class TorchRuntime(LibTorch libTorch, Platform platform)
{
    /// <summary>Loads libtorch and sets its threads: at least 1; null for one a processor.</summary>
    public TorchSession Start(DeviceChoice device, int? threads)
    {
        var count = threads ?? Environment.ProcessorCount;
        // OpenMP reads these when it is loaded; what the user has set stays.
        // Idle threads must not spin: ONNX Runtime and .NET want the processors too.
        platform.SetVariable("OMP_WAIT_POLICY", "PASSIVE", overwrite: false);
        platform.SetVariable("OMP_NUM_THREADS", count.ToString(CultureInfo.InvariantCulture), overwrite: false);
        var loaded = libTorch.Load();
        if (device.Type == DeviceType.CUDA && !platform.TakesOtherLibTorch)
            throw new AuditException(
                $"--device {device}: on {platform.System} das-audit computes on processors alone; use --device cpu."
            );
        if (device.Type == DeviceType.CUDA && !loaded.HasCuda)
        {
            var origin = loaded.Folder is null ? "that comes with das-audit" : $"that {LibTorch.Variable} names";
            throw new AuditException(
                $"--device {device}: the libtorch {origin} is for processors alone; set {LibTorch.Variable} "
                    + $"to the folder of a libtorch {LibTorch.Version} with CUDA, or use --device cpu."
            );
        }
        return Open(loaded, device, count);
    }

    // Apart, so that compiling Start does not run torch's static constructor.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static TorchSession Open(LoadedLibTorch loaded, DeviceChoice device, int threads)
    {
        LibTorchSettings.DisableNnpack();
        torch.set_num_threads(threads);
        if (device.Type == DeviceType.CUDA)
            RequireGpu(device);
        var name = device.ToString();
        var order = DeviceNumbers.Begin(device.Type) ? "" : ", whose kernels sum in no fixed order";
        return new(
            new torch.Device(name),
            new EnvironmentInfo(
                RuntimeInformation.OSDescription,
                RuntimeInformation.FrameworkDescription,
                loaded.Description + order,
                name,
                threads
            ),
            loaded
        );
    }

    private static void RequireGpu(DeviceChoice device)
    {
        if (!torch.cuda.is_available())
            throw new AuditException(
                $"--device {device}: libtorch finds no NVIDIA GPU that it can use; "
                    + "install a driver for its CUDA version, or use --device cpu."
            );
        var count = torch.cuda.device_count();
        if (device.Number >= count)
            throw new AuditException(
                $"--device {device}: this machine's GPUs have the numbers 0 to {count - 1}; choose one of them."
            );
    }
}
