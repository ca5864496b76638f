using DasAudit.Core.Curvature;

namespace DasAudit.Core.Tests.Curvature;

public class EkfacCostTests
{
    [Fact]
    public void Seconds_and_bytes_add_up()
    {
        var cost = new EkfacCost(1, 2, 3, 4, 5, 6)
        {
            Workers = 2,
            FitBytes = 100,
            CurvatureBytes = 10,
            GradientBytes = 50,
            QueryBytes = 7,
        };
        // 1 + 2·17 + 3 + (2 + 20)·4 + 2·5 + 2·20·6.
        Assert.Equal(376, cost.Seconds(queries: 2, rows: 20, members: 17));
        Assert.Equal(110, cost.Bytes(1));
        Assert.Equal(10 + 50 + 70, cost.Bytes(10));
    }
}
