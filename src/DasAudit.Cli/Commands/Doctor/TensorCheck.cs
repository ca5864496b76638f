using System.Runtime.CompilerServices;
using DasAudit.Abstractions;
using DasAudit.Cli.CommandLine;
using DasAudit.Cli.Native;
using DasAudit.Cli.Settings;
using TorchSharp;

namespace DasAudit.Cli.Commands.Doctor;

/// <summary>Whether libtorch computes, gradients included.</summary>
internal sealed class TensorCheck(TorchRuntime runtime, CommonSettings common) : IDoctorCheck
{
    /// <inheritdoc/>
    public string Name => "tensors";

    /// <inheritdoc/>
    public CheckResult Run(Invocation invocation)
    {
        try
        {
            // Never touch torch where its libraries do not load.
            var session = runtime.Start(invocation.Get(common.Device), invocation.Get(common.Threads));
            var found = Compute(session.Device);
            return found == 12f
                ? CheckResult.Ok("a gradient comes out right")
                : CheckResult.Fail($"the gradient of x³ at 2 comes out as {found}, not 12", "install das-audit again");
        }
        catch (AuditException)
        {
            return CheckResult.Fail("not tried, because libtorch does not start");
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static float Compute(torch.Device device)
    {
        using var scope = torch.NewDisposeScope();
        var x = torch.tensor(2f, device: device, requires_grad: true);
        (x * x * x).backward();
        return x.grad!.item<float>();
    }
}
