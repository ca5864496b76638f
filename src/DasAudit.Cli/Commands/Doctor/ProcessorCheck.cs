using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using DasAudit.Cli.CommandLine;
using DasAudit.Cli.Output;

namespace DasAudit.Cli.Commands.Doctor;

/// <summary>What the processor can do.</summary>
internal sealed class ProcessorCheck : IDoctorCheck
{
    /// <inheritdoc/>
    public string Name => "processor";

    /// <inheritdoc/>
    public CheckResult Run(Invocation invocation)
    {
        var features = string.Join(
            ", ",
            new[] { (Avx2.IsSupported, "AVX2"), (Fma.IsSupported, "FMA"), (Vector512.IsHardwareAccelerated, "AVX-512") }
                .Where(feature => feature.Item1)
                .Select(feature => feature.Item2)
        );
        var found =
            $"{Numbers.Count(Environment.ProcessorCount, "thread")}, {(features.Length == 0 ? "no AVX2" : features)}";
        return Avx2.IsSupported
            ? CheckResult.Ok(found)
            : CheckResult.Warn(found, "expect audits to take several times as long");
    }
}
