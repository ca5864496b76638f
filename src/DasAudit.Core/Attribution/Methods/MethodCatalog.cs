using DasAudit.Abstractions;
using DasAudit.Core.Attribution.Methods.Baselines;
using DasAudit.Core.Attribution.Methods.Das;
using DasAudit.Core.Attribution.Methods.Influence;
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
        new DasV(),
        new DasLoo(),
        new DasSigned(),
        DasOfficial.Plain,
        DasOfficial.WithHat,
        Pva.Full,
        Pva.Mini,
        new DTrak(),
        new DTrak("mean"),
        new DTrak("weighted-mse"),
        new DTrak("l1-norm"),
        new DTrak("l2-norm"),
        new DTrak("linf-norm"),
        new TrakMethod(),
        new JourneyTrak(),
        new TracIn(),
        new GradientDot(),
        new GradientCosine(),
        new DiffusionReTrac(),
        RelativeIf.ToParameters,
        RelativeIf.ToLosses,
        new RenormalizedIf(),
        new DMin(),
        new DataInf(),
        new Kfac(),
        new Ekfac(),
        new Clip(),
        new Pixel(),
        new PixelDot(),
        new PixelRidge(),
        new ActivationRidge(),
        new RandomScores(),
        new EmpiricalInfluence(),
        new Datamodel(),
    ];

    /// <summary>A method by its id.</summary>
    /// <exception cref="AuditException">There is none of that id.</exception>
    public static IAttributionMethod Find(string id) =>
        All.FirstOrDefault(method => method.Description.Id == id)
        ?? throw new AuditException(
            $"'{id}' is no attribution method; choose one of {string.Join(", ", All.Select(method => method.Description.Id))}."
        );
}
