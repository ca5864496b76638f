using DasAudit.Core.Attribution.Damping;
using DasAudit.Core.Attribution.Methods;
using DasAudit.Core.Projections;

namespace DasAudit.Core.Tests.Attribution;

public class SecondOpinionsTests
{
    [Theory]
    [InlineData("das", "pva-mini,pixel-ridge")]
    [InlineData("trak", "pva-mini,pixel-ridge")]
    [InlineData("pva", "pixel-ridge")]
    [InlineData("pva-mini", "pixel-ridge")]
    [InlineData("ekfac", "")]
    [InlineData("pixel-ridge", "")]
    [InlineData("activation-ridge", "")]
    [InlineData("replay-adjoint", "")]
    [InlineData("random", "")]
    [InlineData("clip", "")]
    public void A_method_that_looks_at_gradients_has_others_beside_it(string id, string beside) =>
        Assert.Equal(beside, string.Join(',', Of(id)));

    [Fact]
    public void Pictures_of_several_shapes_have_no_pixels_to_compare() =>
        Assert.Equal(["pva-mini"], Of("das", comparesPixels: false));

    [Fact]
    public void Adams_metric_cannot_be_applied_to_gradients_that_are_never_whole() =>
        Assert.Equal(["pixel-ridge"], Of("das", projection: ProjectionKind.Logra));

    [Theory]
    [InlineData("df:0.3", true)]
    [InlineData("trace:0.1", true)]
    [InlineData("band", true)]
    [InlineData("fixed:2", false)]
    [InlineData("recall", false)]
    [InlineData("gcv", false)]
    public void Dampings_that_suit_one_kernel_alone_leave_them_out(string damping, bool suitsAll) =>
        Assert.Equal(suitsAll, Of("das", DampingRules.Parse(damping)).Any());

    private static IEnumerable<string> Of(
        string id,
        IDampingRule? damping = null,
        ProjectionKind projection = ProjectionKind.Sjlt,
        bool comparesPixels = true
    ) =>
        SecondOpinions
            .On(MethodCatalog.Find(id), damping, projection, comparesPixels)
            .Select(method => method.Description.Id);
}
