using DasAudit.Core.Attribution.Methods;

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
        Assert.Equal(beside, string.Join(',', Of(id, comparesPixels: true)));

    [Fact]
    public void Pictures_of_several_shapes_have_no_pixels_to_compare() =>
        Assert.Equal(["pva-mini"], Of("das", comparesPixels: false));

    private static IEnumerable<string> Of(string id, bool comparesPixels) =>
        SecondOpinions.On(MethodCatalog.Find(id), comparesPixels).Select(method => method.Description.Id);
}
