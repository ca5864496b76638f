using DasAudit.Core.Attribution.Damping;
using DasAudit.Core.Attribution.Scores;
using DasAudit.Core.Attribution.Sets;
using DasAudit.Core.Features;

namespace DasAudit.Core.Attribution.Methods.Das;

/// <summary>
/// <see cref="DasMethod"/> with a kernel for each group g of layers (<see cref="LayerGroups"/>), which sees the group's
/// part of the gradients alone:
/// <para>τ(z, i) = (1/G)·Σ_g (φ_g(z)ᵀ·K_gλ⁻¹·φ_gi·ρ_i)².</para>
/// Gradients are scaled to unit length over all layers, at each timestep, before they are cut.
/// </summary>
internal sealed class DasLayeredMethod : KernelMethod
{
    public override MethodDescription Description { get; } =
        new(
            "das-layered",
            "Diffusion Attribution Score, a kernel for each block of layers",
            "this program; docs/methods.md",
            "1"
        )
        {
            Damping = DampingRules.Default,
            Residuals = true,
            Scores = new(
                "An estimate, by a linear approximation in each block of the network apart, of how far the model's "
                    + "output at the audited picture would move had that block never seen the training picture. "
                    + "Never negative.",
                LargerMeans: "the model's prediction at the audited picture would move further had each block of the "
                    + "network never seen the training picture",
                Direction: ScoreDirection.Beside,
                ChangesAddUp: true
            ),
        };

    public override MethodNeeds Needs { get; } =
        new() { Features = [new("das-layered", FeatureKind.UnitMean, FeatureKind.UnitLoss) { LayerBlocks = true }] };

    protected override SetEffect Effect => SetEffect.SquaredChange;
    protected override FeatureKind? Loss => FeatureKind.UnitLoss;

    protected override IReadOnlyList<FeatureTable> Tables(MethodInputs inputs)
    {
        var tables = base.Tables(inputs);
        tables[^1].RequireLayers(Description.Id);
        return tables;
    }

    protected override IEnumerable<KernelSource> Kernels(Replicate replicate)
    {
        foreach (var source in base.Kernels(replicate))
        {
            foreach (var group in LayerGroups.Of(source.Table.Layers))
                yield return source with
                {
                    Table = source.Table.Columns(group),
                };
        }
    }

    // s_gzi = φ_g(z)ᵀ·K_gλ⁻¹·φ_gi·ρ_i
    protected override BandValues Formula(DampedKernel kernel, MethodOptions options) =>
        kernel.Band(damping => kernel.Scores(damping) * kernel.Residuals(options.Residual, damping));
}
