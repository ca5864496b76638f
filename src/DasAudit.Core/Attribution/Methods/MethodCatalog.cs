using DasAudit.Core.Attribution.Methods.Baselines;
using DasAudit.Core.Attribution.Methods.Das;
using DasAudit.Core.Attribution.Methods.Influence;
using DasAudit.Core.Attribution.Methods.Replay;
using DasAudit.Core.Attribution.Methods.Retrained;
using DasAudit.Core.Attribution.Methods.Similarity;
using DasAudit.Core.Attribution.Methods.Trak;

namespace DasAudit.Core.Attribution.Methods;

/// <summary>All methods.</summary>
public static class MethodCatalog
{
    /// <summary>In the order in which they are listed.</summary>
    public static IReadOnlyList<IAttributionMethod> All { get; } =
    [
        new DasMethod(),
        new DasVMethod(),
        new DasLooMethod(),
        new DasSignedMethod(),
        new DasLayeredMethod(),
        DasOfficialMethod.Plain,
        DasOfficialMethod.WithHat,
        PvaMethod.Full,
        PvaMethod.Mini,
        new Pva12Method(),
        new ReplayAdjointMethod(),
        new PvaReplayMethod(),
        new DTrakMethod(),
        new DTrakMethod("mean"),
        new DTrakMethod("weighted-mse"),
        new DTrakMethod("l1-norm"),
        new DTrakMethod("l2-norm"),
        new DTrakMethod("linf-norm"),
        new TrakMethod(),
        new JourneyTrakMethod(),
        new TracInMethod(),
        new GradientDotMethod(),
        new GradientCosineMethod(),
        new DiffusionReTracMethod(),
        RelativeIfMethod.ToParameters,
        RelativeIfMethod.ToLosses,
        new RenormalizedIfMethod(),
        new DMinMethod(),
        new DataInfMethod(),
        KfacMethod.Kronecker,
        KfacMethod.Corrected,
        new ClipMethod(),
        PixelMethod.Cosine,
        PixelMethod.Dot,
        new PixelRidgeMethod(),
        new ActivationRidgeMethod(),
        new RandomMethod(),
        new EmpiricalInfluenceMethod(),
        new DatamodelMethod(),
    ];

    /// <summary>A method by its id.</summary>
    /// <exception cref="AuditException">There is none of that id.</exception>
    public static IAttributionMethod Find(string id) =>
        All.FirstOrDefault(method => method.Description.Id == id)
        ?? throw new AuditException(
            $"'{id}' is no attribution method; choose one of "
                + $"{string.Join(", ", All.Select(method => method.Description.Id))}."
        );
}
